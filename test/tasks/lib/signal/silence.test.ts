import { expect, test } from 'vitest';
import { amplitudeDrift } from '../../../../tasks/lib/signal/amplitude-drift.ts';
import { explainedSilence } from '../../../../tasks/lib/signal/explained-silence.ts';
import { shortIntervals } from '../../../../tasks/lib/signal/short-intervals.ts';

test('the rate explains the longest of n random intervals, times what a varying rate may add', () => {
  // 1,000 spikes in 100 s: the longest of so many exponential intervals of 0.1 s is 0.69 s on average.
  expect(explainedSilence(1000, 100, 1, 0)).toBeCloseTo(0.6908, 4);
  expect(explainedSilence(1000, 100, 5, 0)).toBeCloseTo(3.4539, 4);
  expect(explainedSilence(1000, 100, 5, 10)).toBe(10);
  expect(explainedSilence(0, 100, 5, 10)).toBe(10);
  expect(explainedSilence(1, 100, 5, 10)).toBe(10);
});

test('intervals shorter than so many samples are counted, those as long are not', () => {
  expect(shortIntervals([0, 19, 39, 59, 60], 20)).toBe(2);
  expect(shortIntervals([], 20)).toBe(0);
  expect(shortIntervals([5], 20)).toBe(0);
});

test('drift is the lowest and the highest mean of the windows that hold spikes', () => {
  const heights = Float64Array.of(10, 12, 30, 30, 30);
  const window = (first: number, last: number) => ({ start: 0, end: 0, first, last });
  expect(amplitudeDrift(heights, [window(0, 2), window(2, 2), window(2, 5)])).toEqual({ lowest: 11, highest: 30 });
  expect(amplitudeDrift(heights, [window(2, 2)])).toBeNull();
});
