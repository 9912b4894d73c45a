import { expect, test } from 'vitest';
import { missedInWindows } from '../../../../tasks/lib/spikes/missed-in-windows.ts';
import { windowsOf } from '../../../../tasks/lib/spikes/windows.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { missedFraction } from '../../../../tasks/lib/statistics/truncated-gaussian.ts';
import { gaussianQuantile } from '../statistics/gaussian.ts';
import { type SyntheticRecording, syntheticRecording, uniformFrom } from './drawn-heights.ts';

const fitOf = ({ spikes, beyond, length, level }: SyntheticRecording, seconds = 10) =>
  missedInWindows(beyond, windowsOf(spikes, length, seconds * 20_000, 30), level);

test('missedInWindows with a single window equals the fit over all', () => {
  const made = syntheticRecording(1, { count: 3000, mean: () => 1.3 });
  const alone = missedFraction(made.beyond, 8);
  const one = fitOf(made, 300);
  if (alone.kind !== 'estimated') throw new Error(alone.kind);
  expect(one?.pooled.estimate).toBeCloseTo(alone.estimate, 9);
  expect(one?.of(0, made.spikes.length, 3).estimate).toBeCloseTo(alone.estimate, 9);
  expect(one?.pooled.low).toBeLessThan(alone.low + 0.002);
  expect(one?.pooled.high).toBeGreaterThan(alone.high - 0.002);
});

test('the fit does not depend on the unit', () => {
  const made = syntheticRecording(2, { count: 2000, mean: () => 1.3 });
  const scaled = { ...made, beyond: made.beyond.map((y) => y * 1024) };
  expect(fitOf(scaled)?.pooled).toEqual(fitOf(made)?.pooled);
  expect(fitOf(scaled)?.expectedWithin(1024)).toBe(fitOf(made)?.expectedWithin(1));
});

test('missedInWindows shows a dip of 20 s in its windows and in the pooled share, unlike a fit over all', () => {
  const made = syntheticRecording(3, { count: 3000, mean: (time) => (time >= 0.4 && time < 0.4 + 20 / 300 ? 0 : 6) });
  const windows = windowsOf(made.spikes, made.length, 200_000, 30);
  const found = missedInWindows(made.beyond, windows, made.level);
  const alone = missedFraction(made.beyond, 8);
  if (found === null || alone.kind !== 'estimated') throw new Error('no fit');
  expect(alone.high).toBeLessThan(0.005);
  expect(found.pooled.low).toBeLessThan(made.missed);
  expect(found.pooled.high).toBeGreaterThan(made.missed);
  expect(found.pooled.low).toBeGreaterThan(0.01);
  const dipped = windows.flatMap(({ start, first, last }) =>
    found.of(first, last, 3).low > 0.05 ? [start / 20_000] : [],
  );
  expect(dipped).toEqual([120, 130]);
});

test('missedInWindows expects the true number of spikes near the threshold for Gaussian heights', () => {
  const made = syntheticRecording(6, { count: 5000, mean: (time) => 1 + time });
  const near = made.beyond.filter((y) => y <= 0.7).length / made.beyond.length;
  expect(fitOf(made)?.expectedWithin(0.7)).toBeCloseTo(near, 2);
});

test('missedInWindows has no estimate for an exponential, and misses nothing for equal amplitudes', () => {
  const exponential = Float64Array.from({ length: 200 }, (_, i) => -Math.log(1 - (i + 0.5) / 200));
  exponential[199] = 9;
  const whole = [{ start: 0, end: 1, first: 0, last: 200 }];
  expect(missedInWindows(exponential, whole, 8)).toBeNull();
  expect(missedInWindows(new Float64Array(200).fill(3), whole, 8)?.pooled.high).toBeLessThan(1e-12);
  expect(missedInWindows(new Float64Array(200), whole, 8)).toBeNull();
});

/** Ten windows of 100 spikes with rising means, and a sd that grows with a power of the mean. */
function drifting(seed: number, power: number) {
  const uniform = uniformFrom(randomSource(seed));
  const beyond: number[] = [];
  const windows = Array.from({ length: 10 }, (_, row) => {
    const mean = 10 + 1.5 * row;
    const first = beyond.length;
    for (let spike = 0; spike < 100; spike++) {
      const height = mean + 2 * (mean / 10) ** power * gaussianQuantile(uniform() + 1e-9);
      if (height > 8) beyond.push(height - 8);
    }
    return { start: row, end: row + 1, first, last: beyond.length };
  });
  const missed = 1 - beyond.length / 1000;
  return { missed, fit: missedInWindows(Float64Array.from(beyond), windows, 8) };
}

test('missedInWindows detects a spread that follows the mean, and its interval holds for an even spread', () => {
  const made = (power: number) => Array.from({ length: 40 }, (_, seed) => drifting(seed + 1, power));
  const even = made(0).filter(({ fit }) => fit?.evenSpread);
  expect(even.length).toBeGreaterThan(30);
  const held = even.filter(({ fit, missed }) => fit && fit.pooled.low <= missed && missed <= fit.pooled.high);
  expect(held.length / even.length).toBeGreaterThan(0.9);
  for (const power of [1, -1]) expect(made(power).filter(({ fit }) => fit?.evenSpread).length).toBeLessThan(4);
});
