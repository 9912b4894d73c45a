import { expect, test } from 'vitest';
import { marginalSpikes } from '../../../../../tasks/lib/report/trace/marginal-spikes.ts';

const noise = { median: 1, mad: 2 };
const peaks = (...list: (readonly [sample: number, amplitude: number])[]) => ({
  sampleIndex: list.map(([sample]) => BigInt(sample)),
  amplitude: list.map(([, amplitude]) => amplitude),
});

test('marginalSpikes returns spikes and peaks below the threshold in order of time, with heights in MADs', () => {
  expect(marginalSpikes(peaks([10, -21], [40, -17]), peaks([20, -13]), noise)).toEqual([
    { sample: 10, height: 11, detected: true },
    { sample: 20, height: 7, detected: false },
    { sample: 40, height: 9, detected: true },
  ]);
});

test('marginalSpikes keeps the 20 spikes nearest to the threshold', () => {
  const spikes = peaks(...Array.from({ length: 50 }, (_, i) => [i, -19 - ((i * 7) % 50)] as const));
  const found = marginalSpikes(spikes, peaks(), noise);
  expect(found.length).toBe(20);
  expect(Math.max(...found.map(({ height }) => height))).toBe(19.5);
});

test('marginalSpikes returns nothing without noise', () => {
  expect(marginalSpikes(peaks([10, -21]), peaks(), { median: 0, mad: 0 })).toEqual([]);
});
