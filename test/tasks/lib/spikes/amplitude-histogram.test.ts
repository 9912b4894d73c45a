import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amplitudeHistogram, binEdges } from '../../../../tasks/lib/spikes/amplitude-histogram.ts';

test('binEdges equals np.arange to the last bit, even if that is not start + i * step', () => {
  const wide = binEdges(Float32Array.of(-5.3), 0.7);
  expect([...wide]).toEqual([
    -5.300000190734863, -4.600000190734863, -3.900000190734863, -3.2000001907348627, -2.5000001907348626,
    -1.8000001907348624, -1.1000001907348622, -0.40000019073486204,
  ]);
  const narrow = binEdges(Float32Array.of(-37.73), 0.1);
  expect(narrow.length).toBe(378);
  expect(narrow.at(-1)).toBe(-0.029999542235792376);
});

test('amplitudeHistogram counts like np.histogram: half-open bins, the last closed, nothing after it', () => {
  const amplitudes = Float32Array.of(-5.3, -5.3, -4.6, -1.1, -0.4, -0.3999, -0.1, -0.39999923);
  expect(amplitudeHistogram(amplitudes, 0.7, '-').count).toEqual(BigInt64Array.of(2n, 1n, 0n, 0n, 0n, 0n, 1n));
  // Edges -2, -1.5, -1, -0.5.
  const exact = amplitudeHistogram(Float32Array.of(-2, -1.5, -1, -0.5, -0.25), 0.5, '-');
  expect(exact).toEqual({ binLeft: Float64Array.of(-2, -1.5, -1), count: BigInt64Array.of(1n, 1n, 2n) });
});

test('amplitudeHistogram counts every amplitude up to the last edge in its bin', () => {
  const amplitude = fc.float({ noNaN: true, min: -60, max: Math.fround(-0.01) });
  const width = fc.double({ noNaN: true, min: 0.05, max: 9 });
  fc.assert(
    fc.property(fc.array(amplitude, { minLength: 1 }), width, (values, binWidth) => {
      const amplitudes = Float32Array.from(values);
      const edges = binEdges(amplitudes, binWidth);
      const { binLeft, count } = amplitudeHistogram(amplitudes, binWidth, '-');
      expect([...binLeft]).toEqual([...edges.slice(0, -1)]);
      const expected = Array.from(count, (_, bin) => {
        const [left, right] = [edges[bin] ?? Number.NaN, edges[bin + 1] ?? Number.NaN];
        const last = bin === count.length - 1;
        return BigInt(amplitudes.filter((a) => a >= left && (last ? a <= right : a < right)).length);
      });
      expect([...count]).toEqual(expected);
    }),
  );
});

test('amplitudeHistogram mirrors positive amplitudes', () => {
  const up = amplitudeHistogram(Float32Array.of(2, 1.75, 1.5, 0.5), 0.5, '+');
  expect(up).toEqual({ binLeft: Float64Array.of(0.5, 1, 1.5), count: BigInt64Array.of(1n, 1n, 2n) });
});

test('amplitudeHistogram has no bins without amplitudes', () => {
  expect(amplitudeHistogram(new Float32Array(0), 0.5, '-').count.length).toBe(0);
  expect(amplitudeHistogram(Float32Array.of(-0.3), 0.5, '-').count.length).toBe(0);
});
