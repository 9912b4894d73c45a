import { expect, test } from 'vitest';
import { MEA_SHAPE } from '../../../../tasks/lib/replica/spike-shapes.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { type SpikesWaveform, waveformLag } from '../../../../tasks/lib/waveforms/waveform-lag.ts';

const WIDTH = 105;
const PEAK = 45;

/** Interpolates the replica's spike by cubics through four samples (Catmull and Rom 1974). */
function shapeAt(t: number): number {
  const left = Math.floor(t);
  const u = t - left;
  const [a, b, c, d] = [-1, 0, 1, 2].map((i) => MEA_SHAPE.values[left + i + MEA_SHAPE.trough] ?? 0) as [
    number,
    number,
    number,
    number,
  ];
  return b + (u / 2) * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
}

/** A median waveform of 50 spikes, `delay` samples after the peak, in noise of MAD 8; the median's error is 1.4. */
function waveform(depth: number, delay: number, seed: number, error = 1.4): SpikesWaveform {
  const random = randomSource(seed);
  // The sum of twelve uniform numbers, less its mean, is nearly standard normal.
  const noise = () => Array.from({ length: 12 }, () => random() / 2 ** 32).reduce((a, b) => a + b) - 6;
  const median = Float64Array.from(
    { length: WIDTH },
    (_, i) => 32767 - depth * shapeAt(i - PEAK - delay) + error * noise(),
  );
  return { median, mad: new Float64Array(WIDTH).fill(8), spikes: 50 };
}

test.each([-20, -3, -0.5, 0, 0.25, 1, 2.7, 12])('waveformLag measures a delay of %f samples in noise', (delay) => {
  const { lag, correlation } = waveformLag(waveform(80, 0, 1), waveform(80, delay, 2));
  expect(Math.abs((lag ?? Number.NaN) - delay)).toBeLessThan(0.2);
  expect(correlation).toBeGreaterThan(0.95);
});

test.each([-7.3, 0.5, 4.8])('waveformLag measures %f samples to a tenth without noise', (delay) => {
  const { lag, correlation } = waveformLag(waveform(80, 0, 1, 0), waveform(80, delay, 2, 0));
  expect(Math.abs((lag ?? Number.NaN) - delay)).toBeLessThan(0.1);
  expect(correlation).toBeGreaterThan(0.99);
});

test('waveformLag changes sign if early and late are exchanged', () => {
  const [a, b] = [waveform(60, 0, 1), waveform(60, 3.4, 2)];
  expect(waveformLag(b, a).lag).toBeCloseTo(-(waveformLag(a, b).lag ?? Number.NaN), 9);
});

test('waveformLag of a waveform with itself is 0 with correlation 1, also for another depth or sign', () => {
  const one = waveform(50, 0, 3);
  expect(waveformLag(one, one)).toMatchObject({ lag: 0, correlation: 1 });
  const twice = { ...one, median: one.median.map((value) => 2 * value + 100) };
  expect(waveformLag(one, twice).lag).toBeCloseTo(0, 9);
  expect(waveformLag(one, twice).correlation).toBeCloseTo(1, 9);
});

test('waveformLag is null if either waveform is noise', () => {
  for (let seed = 0; seed < 200; seed++) {
    const noise = waveform(0, 0, seed);
    expect(waveformLag(noise, waveform(80, 0, seed + 1000))).toMatchObject({ lag: null, correlation: null });
    expect(waveformLag(waveform(80, 0, seed + 1000), noise)).toMatchObject({ lag: null, correlation: null });
  }
});

test('waveformLag gives heights in standard errors of the median', () => {
  const { earlyHeight, lateHeight } = waveformLag(waveform(80, 0, 1, 0), waveform(0, 0, 1, 0));
  expect(earlyHeight).toBeCloseTo(80 / Math.sqrt((Math.PI / 2) * ((64 + 1 / 12) / 50)), 9);
  expect(lateHeight).toBe(0);
});

test('waveformLag is null for fewer than ten spikes', () => {
  const few = { ...waveform(80, 0, 1), spikes: 9 };
  expect(waveformLag(few, waveform(80, 0, 2))).toMatchObject({ lag: null, earlyHeight: null });
  const none = { median: new Float64Array(0), mad: new Float64Array(0), spikes: 0 };
  expect(waveformLag(none, none)).toEqual({ lag: null, correlation: null, earlyHeight: null, lateHeight: null });
});

test('waveformLag counts the steps of the converter as noise', () => {
  const flat = { median: new Float64Array(WIDTH).fill(32767), mad: new Float64Array(WIDTH), spikes: 50 };
  expect(waveformLag(flat, flat)).toMatchObject({ lag: null, earlyHeight: 0 });
});
