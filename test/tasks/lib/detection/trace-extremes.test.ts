import fc from 'fast-check';
import { expect, test } from 'vitest';
import { traceExtremes } from '../../../../tasks/lib/detection/trace-extremes.ts';

test('traceExtremes returns the lowest and highest sample of every bin, NaN for a bin with NaN', () => {
  // Either of 0 and -0 may be the extreme.
  const values = fc.array(
    fc.float({ noDefaultInfinity: false }).map((value) => value + 0),
    { maxLength: 100 },
  );
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 20 }), (samples, size) => {
      const bins = Array.from({ length: Math.ceil(samples.length / size) }, (_, bin) =>
        samples.slice(bin * size, (bin + 1) * size),
      );
      const { low, high } = traceExtremes(Float32Array.from(samples), size);
      expect([...low]).toEqual(bins.map((bin) => Math.min(...bin)));
      expect([...high]).toEqual(bins.map((bin) => Math.max(...bin)));
    }),
    { numRuns: 1000 },
  );
});

test('traceExtremes handles bins of any length over several blocks', () => {
  const trace = Float32Array.from({ length: 100_003 }, (_, i) => Math.fround(Math.sin(i * i)));
  for (const size of [4, 64, 121, 50_000, 200_000]) {
    const { low, high } = traceExtremes(trace, size);
    for (let bin = 0; bin < low.length; bin++) {
      const samples = trace.subarray(bin * size, (bin + 1) * size);
      expect([low[bin], high[bin]]).toEqual([
        samples.reduce((a, b) => Math.min(a, b)),
        samples.reduce((a, b) => Math.max(a, b)),
      ]);
    }
  }
});
