import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dip, dipPValue } from '../../../../tasks/lib/statistics/dip-test.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';

/**
 * Dips by their definition, as fractions: for every place of the mode, linear programming (SciPy's HiGHS) finds the nearest
 * function that is convex before it and concave after it; the dip is the smallest distance.
 */
const byDefinition: [numerator: number, denominator: number, sample: number[]][] = [
  [23, 224, [0, 12, 19, 42, 45, 46, 56, 91]],
  [1, 13, [-54, -31, -15, -8, -5, -4, -3, 1, 6, 10, 10, 34, 34]],
  [1, 10, [1, 1, 1, 1, 2, 2, 3, 4, 5, 5]],
  [6, 49, [-6, -5, 1, 2, 3, 5, 68]],
  [1, 12, [6, 17, 27, 43, 61, 90]],
  [3, 32, [-29, -23, -18, -17, -15, -13, 1, 2, 9, 10, 14, 19, 45, 49]],
  [1, 7, [1, 3, 4, 4, 4, 5, 5]],
  [3, 34, [-13, -11, -7, -6, -4, -3, 10, 11, 14, 42, 55, 63, 66]],
  [28, 247, [15, 18, 23, 27, 30, 54, 56, 57, 65, 83, 86, 87, 97]],
  [19, 187, [-39, -27, -22, -21, -17, -9, 5, 11, 12, 17, 46]],
  [1, 14, [0, 0, 1, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 5]],
  [34, 245, [-14, 0, 2, 3, 15, 49, 53, 60, 62, 66]],
  [1, 8, [15, 23, 48, 73]],
  [1, 8, [-11, 3, 17, 28]],
  [1, 7, [0, 1, 1, 1, 2, 2, 3, 3, 3, 3, 5, 5, 5, 5]],
  [235, 1352, [-11, -11, -9, -4, -4, 0, 4, 51, 54, 54, 56, 56, 72]],
  [5, 56, [3, 6, 26, 29, 31, 34, 53, 61, 62, 64, 68, 71, 77, 88, 89, 99]],
  [7, 68, [-21, -3, -3, -1, 2, 7, 15, 17, 19, 25]],
  [1, 11, [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]],
  [23, 310, [-12, -10, -5, -3, -1, 1, 1, 4, 50, 66]],
  [13, 72, [43, 50, 76, 86]],
  [3, 38, [-42, -27, -27, -21, -11, -11, -11, -9, -5, 1, 11, 13, 14, 20, 38]],
  [1, 12, [0, 0, 0, 0, 0, 0, 1, 1, 3, 4, 4, 5]],
  [51, 280, [-20, -5, -5, -2, 0, 51, 57, 58, 60, 62]],
];

test.each(byDefinition)('dip is %i/%i for %j', (numerator, denominator, sample) => {
  expect(dip(Float64Array.from(sample))).toBeCloseTo(numerator / denominator, 12);
});

test("dip equals R's for the worked example of the paper, 63 faculties", () => {
  const faculties = [
    30, 33, 35, 36, 37, 37, 39, 39, 39, 39, 39, 40, 40, 40, 40, 41, 42, 43, 43, 43, 44, 44, 45, 45, 46, 46, 47, 47, 48,
    48, 48, 49, 50, 50, 51, 52, 52, 53, 53, 53, 53, 53, 54, 54, 57, 57, 59, 60, 60, 60, 61, 61, 61, 61, 62, 62, 62, 62,
    63, 66, 70, 72, 72,
  ];
  expect(dip(Float64Array.from(faculties))).toBeCloseTo(0.05952381, 8);
});

test('dip has its smallest and its largest value', () => {
  expect(dip(new Float64Array(0))).toBe(0);
  expect(dip(new Float64Array(9).fill(3))).toBe(0);
  expect(dip(Float64Array.from({ length: 64 }, (_, i) => i))).toBe(1 / 128);
  expect(dip(Float64Array.from({ length: 64 }, (_, i) => (i < 32 ? 0 : 7)))).toBe(0.25);
});

const samples = fc
  .array(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 60 })
  .map((values) => Float64Array.from(values).sort());

test('dip does not depend on unit, origin, direction or repetition', () => {
  fc.assert(
    fc.property(samples, (sample) => {
      const expected = dip(sample);
      expect(dip(sample.map((x) => x * 0.25 + 1000))).toBeCloseTo(expected, 12);
      expect(dip(sample.map((x) => -x).reverse())).toBeCloseTo(expected, 12);
      expect(dip(Float64Array.from([...sample, ...sample]).sort())).toBeCloseTo(expected, 12);
    }),
  );
});

test('dip of distinct values is between 1 / (2 n) and a quarter', () => {
  fc.assert(
    fc.property(samples, (sample) => {
      const distinct = Float64Array.from(new Set(sample));
      expect(dip(sample)).toBeLessThanOrEqual(0.25);
      if (distinct.length > 1) expect(dip(distinct)).toBeGreaterThanOrEqual(1 / (2 * distinct.length) - 1e-15);
    }),
  );
});

/** Quantiles 0.5, 0.95 and 0.99 for uniform samples, from a million simulations (R's diptest, table qDiptab). */
test.each([
  [10, 0.0978, 0.1396, 0.1597],
  [50, 0.04885, 0.07027, 0.0812],
  [200, 0.02558, 0.03684, 0.04269],
  [1000, 0.01174, 0.01693, 0.01961],
  [10_000, 0.003767, 0.005424, 0.00628],
  [72_000, 0.00141, 0.002032, 0.002358],
])('dipPValue is right at the published quantiles for n = %i', (n, median, q95, q99) => {
  const off = n < 50 ? 1.8 : 1.15;
  expect(dipPValue(median, n)).toBeCloseTo(0.5, 1);
  for (const [p, quantile] of [
    [0.05, q95],
    [0.01, q99],
  ] as const) {
    expect(dipPValue(quantile, n)).toBeGreaterThan(p / 1.15);
    expect(dipPValue(quantile, n)).toBeLessThan(p * off);
  }
});

test('dipPValue is below 0.1 for 10 % of uniform samples, and falls as the dip grows', () => {
  const random = randomSource(63);
  let below = 0;
  for (let k = 0; k < 1000; k++) {
    const sample = Float64Array.from({ length: 100 }, () => random() / 2 ** 32).sort();
    if (dipPValue(dip(sample), 100) < 0.1) below++;
  }
  // 100 expected, standard deviation 9.5.
  expect(Math.abs(below - 100)).toBeLessThan(35);
  const falling = Array.from({ length: 251 }, (_, i) => dipPValue(i / 1000, 300));
  expect(falling.every((p, i) => i === 0 || p <= (falling[i - 1] ?? 0))).toBe(true);
  expect([falling[0], falling.at(-1)]).toEqual([1, 0.0001]);
});

test('dip handles a hundred thousand values of a single mode', () => {
  const random = randomSource(5);
  const sample = Float64Array.from({ length: 100_000 }, () => random() + random()).sort();
  expect(dipPValue(dip(sample), sample.length)).toBeGreaterThan(0.5);
});
