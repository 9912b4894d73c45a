import erfcx from '@stdlib/math-base-special-erfcx';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitTruncatedGaussian, hazard, missedFraction } from '../../../../tasks/lib/statistics/truncated-gaussian.ts';
import { gaussianShare as phi, gaussianQuantile as quantile } from './gaussian.ts';

/** Heights beyond `threshold` at the quantiles of a Gaussian with the share `p` below it. */
function quantileSample(n: number, p: number, threshold: number, sd: number): Float64Array {
  const mean = threshold - sd * quantile(p);
  return Float64Array.from({ length: n }, (_, i) => mean + sd * quantile(p + ((1 - p) * (i + 0.5)) / n) - threshold);
}

test.each([
  [2000, 0.001, '0.000998', '0.0007', '0.0014', '19.1804', '1.9996'],
  [2000, 0.01, '0.009987', '0.0077', '0.0129', '17.6527', '1.9996'],
  [2000, 0.05, '0.049943', '0.0405', '0.0612', '16.2899', '1.9994'],
  [2000, 0.1, '0.099882', '0.0823', '0.1210', '15.5635', '1.9993'],
  [2000, 0.2, '0.199741', '0.1660', '0.2389', '14.6843', '1.9990'],
  [2000, 0.4, '0.399396', '0.3372', '0.4721', '13.5094', '1.9984'],
  [500, 0.1, '0.099541', '0.0668', '0.1469', '15.5648', '1.9972'],
])('missedFraction agrees with the reference for n = %i, %f missed', (n, p, ...[estimate, low, high, mean, sd]) => {
  const missed = missedFraction(quantileSample(n, p, 13, 2), 13);
  if (missed.kind !== 'estimated') throw new Error(missed.kind);
  expect(missed.estimate.toFixed(6)).toBe(estimate);
  // The reference intervals lie on a grid of 0.005 in alpha, so they are up to a step narrower.
  expect(missed.low).toBeLessThan(Number(low) + 0.00005);
  expect(phi(quantile(missed.low) + 0.005)).toBeGreaterThan(Number(low) - 0.00005);
  expect(missed.high).toBeGreaterThan(Number(high) - 0.00005);
  expect(phi(quantile(missed.high) - 0.005)).toBeLessThan(Number(high) + 0.00005);
  expect([missed.mean.toFixed(4), missed.sd.toFixed(4)]).toEqual([mean, sd]);
});

/** Log-likelihood of a Gaussian truncated at 0, directly from its density. */
function logLikelihood(sample: Float64Array, mean: number, sd: number): number {
  const tail = Math.log(erfcx(-mean / sd / Math.SQRT2) / 2) - (mean / sd) ** 2 / 2;
  let sum = 0;
  for (const y of sample) sum += -(((y - mean) / sd) ** 2) / 2 - Math.log(sd * Math.sqrt(2 * Math.PI)) - tail;
  return sum;
}

const samples = fc.record({
  n: fc.integer({ min: 20, max: 120 }),
  p: fc.double({ min: 0.0005, max: 0.9, noNaN: true }),
  sd: fc.double({ min: 0.1, max: 50, noNaN: true }),
});

test('missedFraction has the maximum likelihood, and its interval ends at a drop of 3.84 in twice the log', () => {
  fc.assert(
    fc.property(samples, ({ n, p, sd }) => {
      const sample = quantileSample(n, p, 0, sd);
      const missed = missedFraction(sample, 0);
      if (missed.kind !== 'estimated') return;
      const best = logLikelihood(sample, missed.mean, missed.sd);
      for (const [dm, ds] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
        [1, 1],
        [-1, -1],
        [1, -1],
        [-1, 1],
      ] as const) {
        const [mean, spread] = [missed.mean + dm * 1e-3 * missed.sd, missed.sd * (1 + ds * 1e-3)];
        expect(logLikelihood(sample, mean, spread)).toBeLessThan(best + 1e-9 * n);
      }
      expect(missed.estimate).toBeCloseTo(phi(-missed.mean / missed.sd), 12);
      for (const end of [missed.low, missed.high]) {
        if (end > 1 - 1e-9) continue;
        expect(2 * (best - profile(sample, quantile(end)))).toBeCloseTo(3.8414588, 3);
      }
    }),
    { numRuns: 25 },
  );
});

/** Largest log-likelihood with (0 - mean) / sd = alpha, by golden section over ln sd. */
function profile(sample: Float64Array, alpha: number): number {
  const at = (lnSd: number) => logLikelihood(sample, -alpha * Math.exp(lnSd), Math.exp(lnSd));
  let [low, high] = [-12, 12];
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 50; i++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (at(a) > at(b)) high = b;
    else low = a;
  }
  return at((low + high) / 2);
}

test('missedFraction gives a lower bound only if the density falls like an exponential or faster', () => {
  const exponential = Float64Array.from({ length: 200 }, (_, i) => -Math.log(1 - (i + 0.5) / 200));
  exponential[199] = 9;
  const missed = missedFraction(exponential, 10);
  if (missed.kind !== 'mode-at-threshold') throw new Error(missed.kind);
  expect(missed.atLeast).toBeGreaterThan(0.8);
  expect(missed.atLeast).toBeLessThan(1);
});

test('the interval of missedFraction reaches 1 for a near exponential', () => {
  const missed = missedFraction(quantileSample(200, 0.95, 10, 3), 10);
  expect(missed).toMatchObject({ kind: 'estimated', high: 1 });
});

test('missedFraction is 0 far from the threshold', () => {
  const missed = missedFraction(quantileSample(300, 1e-12, 10, 2), 10);
  if (missed.kind !== 'estimated') throw new Error(missed.kind);
  expect(missed.high).toBeLessThan(1e-9);
  expect(missedFraction(new Float64Array(50).fill(30), 10)).toMatchObject({ kind: 'estimated' });
});

test('the fit does not depend on the unit', () => {
  const sample = quantileSample(100, 0.2, 10, 2);
  const a = missedFraction(sample, 10);
  const b = missedFraction(
    sample.map((y) => y * 1024),
    10 * 1024,
  );
  if (a.kind !== 'estimated' || b.kind !== 'estimated') throw new Error('not estimated');
  expect(b).toEqual({ ...a, mean: a.mean * 1024, sd: a.sd * 1024 });
});

test('missedFraction estimates nothing for too few spikes, no height, or NaN', () => {
  expect(missedFraction(new Float64Array(0), 1)).toEqual({ kind: 'too-few-spikes' });
  expect(missedFraction(Float64Array.of(1, 2), 1)).toEqual({ kind: 'too-few-spikes' });
  expect(missedFraction(Float64Array.of(1, 2, Number.NaN), 1)).toEqual({ kind: 'too-few-spikes' });
});

// Upper tail by integration: an oracle without special functions.
function tailBy(x: number): number {
  const step = 1e-4;
  let sum = 0;
  for (let t = x + step / 2; t < x + 12; t += step) sum += Math.exp((-t * t) / 2);
  return (sum * step) / Math.sqrt(2 * Math.PI);
}

test.each([-3, -1, 0, 1, 4])('hazard at %d is the density over the upper tail', (alpha) => {
  const density = Math.exp((-alpha * alpha) / 2) / Math.sqrt(2 * Math.PI);
  expect(hazard(alpha) / (density / tailBy(alpha))).toBeCloseTo(1, 6);
});

test('fitTruncatedGaussian fits a heavy-tailed sample by an exponential, density n / mean at the threshold', () => {
  const { alpha, sd } = fitTruncatedGaussian(Float64Array.of(0.1, 0.1, 0.1, 0.1, 10));
  expect(alpha).toBeCloseTo(8, 6);
  expect((hazard(alpha) / sd) * 2.08).toBeCloseTo(1, 0);
});
