import { expect, test } from 'vitest';
import { uncutGaussian } from '../../../../tasks/lib/statistics/uncut-gaussian.ts';
import { gaussianShare } from './gaussian.ts';

test('uncutGaussian gives the share below the threshold from mean and sd', () => {
  // Mean 2, sd 2 (by n - 1): a sixth of that Gaussian lies below 0.
  expect(uncutGaussian(Float64Array.of(0, 2, 4))).toBeCloseTo(gaussianShare(-1), 12);
});

test('uncutGaussian is 0 for equal amplitudes, and null for a single spike', () => {
  expect(uncutGaussian(Float64Array.of(3, 3, 3))).toBe(0);
  expect(uncutGaussian(Float64Array.of(3))).toBeNull();
});
