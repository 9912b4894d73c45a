import { expect, test } from 'vitest';
import { traceExtremes } from '../../../../../tasks/lib/detection/trace-extremes.ts';
import { pageBin, pageTrace, readTrace } from '../../../../../tasks/lib/report/trace/page-trace.ts';

test('readTrace decodes the same trace that the static page is drawn from', () => {
  const trace = Float32Array.from(
    { length: 120_001 },
    (_, i) => ((i * 7919) % 101) / 7 - 7 - (i % 5003 === 0 ? 60 : 0),
  );
  const sampleIndex = BigInt64Array.from([5003n, 10_006n, 15_009n]);
  const { page, read } = pageTrace({
    trace,
    extremes: traceExtremes(trace, pageBin(trace.length)),
    samplingRate: 20_000,
    noise: { median: 0, mad: 1.37, threshold: 11 },
    peakSign: '-',
    peaks: { sampleIndex, amplitude: Float32Array.from(sampleIndex, (i) => trace[Number(i)] as number) },
    marginal: [
      { sample: 20, height: 8.1, detected: true },
      { sample: 119_990, height: 7.9, detected: false },
    ],
  });
  expect(page.bin).toBe(3);
  expect(readTrace(page)).toEqual(read);
});
