import { expect, test } from 'vitest';
import { fitTruncatedNormal, hazard } from '../../../../tasks/lib/replica/truncated-normal.ts';

// Upper tail by integration, in steps that shrink nothing: an oracle without special functions.
function tail(x: number): number {
  const step = 1e-4;
  let sum = 0;
  for (let t = x + step / 2; t < x + 12; t += step) sum += Math.exp((-t * t) / 2);
  return (sum * step) / Math.sqrt(2 * Math.PI);
}

function quantile(p: number): number {
  let low = -9;
  let high = 9;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

const grid = Array.from({ length: 18_001 }, (_, i) => -9 + i / 1000);
const cumulated = grid.reduce<number[]>((sums, x) => {
  sums.push((sums.at(-1) ?? 0) + Math.exp((-x * x) / 2) / 1000 / Math.sqrt(2 * Math.PI));
  return sums;
}, []);
const cdf = (x: number) => {
  const place = (x + 9) * 1000 - 0.5;
  const i = Math.max(0, Math.min(17_999, Math.floor(place)));
  const [a, b] = [cumulated[i] as number, cumulated[i + 1] as number];
  return a + (b - a) * (place - i);
};

test.each([-3, -1, 0, 1, 4])('hazard at %d is density over upper tail', (alpha) => {
  const density = Math.exp((-alpha * alpha) / 2) / Math.sqrt(2 * Math.PI);
  expect(hazard(alpha) / (density / tail(alpha))).toBeCloseTo(1, 6);
});

// Maximum likelihood on a fixed sample (th 13, sd 2), made by an independent program.
test.each([
  [2000, 0.001, 19.1804, 1.9996],
  [2000, 0.01, 17.6527, 1.9996],
  [2000, 0.1, 15.5635, 1.9993],
  [2000, 0.4, 13.5094, 1.9984],
  [500, 0.1, 15.5648, 1.9972],
])('%d spikes, of which a share of %d is missing', (n, p, mean, sd) => {
  const center = 13 - 2 * quantile(p);
  const amplitudes = Array.from({ length: n }, (_, i) => center + 2 * quantile(p + ((1 - p) * (i + 0.5)) / n));
  const fit = fitTruncatedNormal(amplitudes.map((amplitude) => amplitude - 13));
  expect(fit.sd).toBeCloseTo(sd, 3);
  expect(13 - fit.alpha * fit.sd).toBeCloseTo(mean, 3);
});

test('a sample heavier than an exponential is taken as one', () => {
  const fit = fitTruncatedNormal([0.1, 0.1, 0.1, 0.1, 10]);
  expect(fit.alpha).toBeCloseTo(12, 6);
  expect(hazard(fit.alpha) / fit.sd / (1 / 2.08)).toBeCloseTo(1, 1);
});
