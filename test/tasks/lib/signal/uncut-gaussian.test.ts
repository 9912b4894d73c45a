import { expect, test } from 'vitest';
import { uncutGaussian } from '../../../../tasks/lib/signal/uncut-gaussian.ts';
import { gaussianShare } from './gaussian.ts';

test('the share below the threshold by mean and sd alone', () => {
  // Mean 2, sd 2 (n - 1): a sixth of such a Gaussian lies below 0.
  expect(uncutGaussian(Float64Array.of(0, 2, 4))).toBeCloseTo(gaussianShare(-1), 12);
});

test('equal amplitudes miss nothing, one says nothing', () => {
  expect(uncutGaussian(Float64Array.of(3, 3, 3))).toBe(0);
  expect(uncutGaussian(Float64Array.of(3))).toBeNull();
});
