import { expect, test } from 'vitest';
import { poissonDifference, poissonMean } from '../../../../tasks/lib/statistics/poisson-difference.ts';

test.each([
  [0, 0, 3.8415],
  [1, 0.1765, 5.6649],
  [10, 5.432, 18.4095],
  [100, 82.2272, 121.6143],
])('poissonMean estimates the mean behind a count of %d', (count, low, high) => {
  const interval = poissonMean(count);
  expect(interval.estimate).toBe(count);
  expect(interval.low).toBeCloseTo(low, 3);
  expect(interval.high).toBeCloseTo(high, 3);
});

test('the ends of the poissonMean interval are 1.96 standard deviations from the count', () => {
  for (const count of [1, 7, 400]) {
    const { low, high } = poissonMean(count);
    expect((count - low) / Math.sqrt(low)).toBeCloseTo(1.959964, 6);
    expect((high - count) / Math.sqrt(high)).toBeCloseTo(1.959964, 6);
  }
});

test('poissonDifference is never below 0', () => {
  expect(poissonDifference(0, 0)).toEqual({ estimate: 0, low: 0, high: poissonMean(0).high });
  expect(poissonDifference(3, 20)).toEqual({ estimate: 0, low: 0, high: 0 });
  expect(poissonDifference(3, 4)).toMatchObject({ estimate: 0, low: 0 });
});

test('poissonDifference of large counts is nearly a Gaussian of the summed variance', () => {
  const { estimate, low, high } = poissonDifference(40_000, 10_000);
  const half = 1.959964 * Math.sqrt(50_000);
  expect(estimate).toBe(30_000);
  expect((30_000 - low) / half).toBeCloseTo(1, 2);
  expect((high - 30_000) / half).toBeCloseTo(1, 2);
});

/** The probabilities of the counts 0, 1, ... of a Poisson distribution, up to negligible probabilities. */
function probabilities(mean: number): number[] {
  const list = [Math.exp(-mean)];
  for (let k = 1; k < mean + 12 * Math.sqrt(mean) + 20; k++) list.push(((list[k - 1] ?? 0) * mean) / k);
  return list;
}

test('the interval of poissonDifference holds the truth in at least 95 % of cases', () => {
  for (const signal of [0, 0.5, 2, 5, 20, 100]) {
    for (const background of [0, 0.5, 2, 10, 50]) {
      let covered = 0;
      for (const [count, p] of probabilities(signal + background).entries()) {
        for (const [noise, q] of probabilities(background).entries()) {
          const { low, high } = poissonDifference(count, noise);
          if (low <= signal && signal <= high) covered += p * q;
        }
      }
      expect(covered).toBeGreaterThan(signal === 0 ? 0.97 : 0.949);
    }
  }
});
