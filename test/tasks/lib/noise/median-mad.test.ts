import fc from 'fast-check';
import { expect, test } from 'vitest';
import { medianFloat32 } from '../../../../tasks/lib/noise/median-float32.ts';
import { medianMad } from '../../../../tasks/lib/noise/median-mad.ts';

/** The median by NumPy's definition on a sorted copy. */
function sortedMedian(samples: Float32Array): number {
  const sorted = samples.toSorted();
  const upper = sorted[sorted.length >> 1] as number;
  if (sorted.length % 2 === 1) return upper + 0;
  return Math.fround(Math.fround((sorted[sorted.length / 2 - 1] as number) + upper) / 2) + 0;
}

const anyFloat = fc.float({ noNaN: true, noDefaultInfinity: true });
const fewValues = fc.constantFrom(0, -0, 1, -1, 1.5, -1.5, 1e-45, -1e-45);
const trace = fc.oneof(fc.array(anyFloat, { minLength: 1 }), fc.array(fewValues, { minLength: 1, maxLength: 12 }));

test('medianFloat32 equals the median of a sorted copy', () => {
  fc.assert(
    fc.property(trace, (values) => {
      const samples = Float32Array.from(values);
      expect(medianFloat32(samples)).toBe(sortedMedian(samples));
      expect(samples).toEqual(Float32Array.from(values));
    }),
    { numRuns: 600 },
  );
});

test('medianMad scales the median of float32 deviations in float64', () => {
  fc.assert(
    fc.property(trace, (values) => {
      const samples = Float32Array.from(values);
      const { median, mad } = medianMad(samples);
      expect(mad).toBe(sortedMedian(samples.map((value) => Math.abs(value - median))) * 1.4826);
    }),
    { numRuns: 300 },
  );
});

test('medianFloat32 averages middle values that differ in their upper 16 bits, or only in the sign of 0', () => {
  expect(medianFloat32(Float32Array.of(-8, 1, 1000, 2000))).toBe(500.5);
  expect(medianFloat32(Float32Array.of(0, -0))).toBe(0);
  expect(medianFloat32(Float32Array.of(-0, 0, 5, -0, 0, -5))).toBe(0);
  expect(medianFloat32(Float32Array.of(-3, -0, 0, 4, 4, -0))).toBe(0);
});

test('medianFloat32 reads a part of a larger buffer', () => {
  expect(medianFloat32(Float32Array.of(9, 9, 9, 1, 2, 3).subarray(3))).toBe(2);
});

test('medianFloat32 rounds the average of the middle two to float32', () => {
  const low = Math.fround(0.1);
  const high = Math.fround(0.2);
  expect(medianFloat32(Float32Array.of(low, high))).toBe(Math.fround(low + high) / 2);
  expect(medianFloat32(Float32Array.of(low, high))).not.toBe((low + high) / 2);
});
