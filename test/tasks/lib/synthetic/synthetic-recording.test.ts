import { expect, test } from 'vitest';
import { randomSource } from '../../../../tasks/lib/signal/random.ts';
import {
  type AmplitudeShape,
  GAUSSIAN,
  shareBelow,
  skewedShape,
} from '../../../../tasks/lib/synthetic/amplitude-shape.ts';
import { heightFor } from '../../../../tasks/lib/synthetic/height-for.ts';
import { spikeTrain } from '../../../../tasks/lib/synthetic/spike-train.ts';
import { syntheticRecording, uniformFrom } from '../../../../tasks/lib/synthetic/synthetic-recording.ts';
import { gaussianShare } from '../signal/gaussian.ts';

const moment = (shape: AmplitudeShape, power: number) =>
  shape.reduce((sum, value) => sum + value ** power, 0) / shape.length;

test.each([-1, -0.5, 0, 0.5, 1, 2])('a shape of skewness %f has mean 0, sd 1 and that skewness', (skewness) => {
  const shape = skewedShape(skewness);
  expect(moment(shape, 1)).toBeCloseTo(0, 3);
  expect(moment(shape, 2)).toBeCloseTo(1, 2);
  expect(moment(shape, 3)).toBeCloseTo(skewness, 1);
  expect(shape.every((value, i) => i === 0 || value >= (shape[i - 1] as number))).toBe(true);
});

test('a spike train keeps 3 ms, stays in the recording, and has bursts', () => {
  for (const count of [0, 1, 2, 5000]) {
    const spikes = spikeTrain(count, 6_000_000, uniformFrom(randomSource(count)));
    expect(spikes).toHaveLength(count);
    const intervals = spikes.slice(1).map((at, i) => at - (spikes[i] as number));
    expect(intervals.every((interval) => interval >= 60)).toBe(true);
    expect(spikes.every((at) => Number.isInteger(at) && at >= 0 && at < 6_000_000)).toBe(true);
    // At random alone 11 % would be as short.
    if (count === 5000) expect(intervals.filter((interval) => interval < 200).length / count).toBeGreaterThan(0.25);
  }
});

test('a seed gives the same recording again, another one another', () => {
  const cell = { count: 200, mean: () => 1 };
  expect(syntheticRecording(5, cell)).toEqual(syntheticRecording(5, cell));
  expect(syntheticRecording(5, cell).spikes).not.toEqual(syntheticRecording(6, cell).spikes);
});

test('so many are missed as the distribution has below the threshold, whatever the spread', () => {
  for (const sd of [1, 4]) {
    const { missed, spikes, beyond } = syntheticRecording(1, { count: 20_000, sd, mean: () => 0.5 });
    expect(missed).toBeCloseTo(gaussianShare(-0.5), 2);
    expect(spikes.length).toBe(Math.round(20_000 * (1 - missed)));
    expect(Math.min(...beyond)).toBeGreaterThan(0);
  }
});

test('the height for a share of missed spikes is the one that misses it', () => {
  expect(shareBelow(GAUSSIAN, -1)).toBeCloseTo(gaussianShare(-1), 4);
  expect(heightFor(0.1, GAUSSIAN, () => 0)).toBeCloseTo(1.2816, 3);
  const drift = (time: number) => 4 * time;
  const height = heightFor(0.3, GAUSSIAN, drift);
  const { missed } = syntheticRecording(2, { count: 20_000, mean: (time) => height + drift(time) });
  expect(missed).toBeCloseTo(0.3, 2);
});
