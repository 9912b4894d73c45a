import { expect, test } from 'vitest';
import { bandNoise } from '../../../../tasks/lib/replica/band-noise.ts';
import { normalQuantiles } from '../../../../tasks/lib/replica/normal-quantiles.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { sortedMedianMad } from './oracle.ts';

test('normalQuantiles agree with R', () => {
  const quantiles = normalQuantiles(1000);
  // R: qnorm(c(0.5005, 0.8415, 0.9755, 0.9995))
  expect(quantiles[500]).toBeCloseTo(0.0012533, 6);
  expect(quantiles[841]).toBeCloseTo(1.0006567, 4);
  expect(quantiles[975]).toBeCloseTo(1.9686, 3);
  expect(quantiles[999]).toBeCloseTo(3.2905267, 4);
  expect([...quantiles]).toEqual([...quantiles].sort((a, b) => a - b));
  expect(quantiles.map((value, k) => value + (quantiles[999 - k] as number))).toEqual(new Float32Array(1000));
  const squares = normalQuantiles(0x10000).reduce((sum, value) => sum + value * value, 0);
  expect(squares / 0x10000).toBeCloseTo(1, 3);
});

test('bandNoise is Gaussian beyond 4 standard deviations, and band-limited', () => {
  const noise = bandNoise(1_000_000, randomSource(3));
  const share = (z: number) => noise.reduce((sum, value) => sum + Number(Math.abs(value) > z), 0) / noise.length;
  expect(sortedMedianMad(noise).mad).toBeCloseTo(1, 2);
  expect(share(1)).toBeCloseTo(0.3173, 2);
  expect(share(3) / 0.0027).toBeCloseTo(1, 1);
  expect(share(4) / 0.0000633).toBeGreaterThan(0.7);
  expect(share(4) / 0.0000633).toBeLessThan(1.3);
  const correlation = (lag: number) =>
    noise.reduce((sum, value, i) => sum + value * (noise[i - lag] ?? 0), 0) / noise.length;
  expect(correlation(1)).toBeGreaterThan(0.3);
  expect(Math.abs(correlation(20))).toBeLessThan(0.05);
  expect(Math.abs(noise.reduce((sum, value) => sum + value, 0) / noise.length)).toBeLessThan(1e-3);
});
