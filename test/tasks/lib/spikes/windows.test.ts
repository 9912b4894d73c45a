import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gapsOf } from '../../../../tasks/lib/spikes/gaps.ts';
import { windowsOf } from '../../../../tasks/lib/spikes/windows.ts';

test('windowsOf merges windows of equal width until they hold enough spikes', () => {
  expect(windowsOf([1, 2, 11, 25, 26, 27], 35, 10, 2)).toEqual([
    { start: 0, end: 10, first: 0, last: 2 },
    { start: 10, end: 35, first: 2, last: 6 },
  ]);
  expect(windowsOf([5], 30, 10, 2)).toEqual([{ start: 0, end: 30, first: 0, last: 1 }]);
  expect(windowsOf([], 30, 10, 2)).toEqual([{ start: 0, end: 30, first: 0, last: 0 }]);
});

const train = fc.record({
  spikes: fc.uniqueArray(fc.nat(999), { maxLength: 60 }).map((spikes) => spikes.sort((a, b) => a - b)),
  width: fc.double({ min: 3, max: 400, noNaN: true }),
  fewest: fc.integer({ min: 1, max: 12 }),
});

test('windowsOf covers the recording and every spike once, and only a single window may hold too few', () => {
  fc.assert(
    fc.property(train, ({ spikes, width, fewest }) => {
      const windows = windowsOf(spikes, 1000, width, fewest);
      expect([windows[0]?.start, windows.at(-1)?.end]).toEqual([0, 1000]);
      expect([windows[0]?.first, windows.at(-1)?.last]).toEqual([0, spikes.length]);
      windows.forEach(({ start, end, first, last }, i) => {
        expect(spikes.slice(first, last).every((at) => at >= start && at < end)).toBe(true);
        if (i > 0) expect([windows[i - 1]?.end, windows[i - 1]?.last]).toEqual([start, first]);
        if (windows.length > 1) expect(last - first).toBeGreaterThanOrEqual(fewest);
      });
    }),
  );
});

test('gapsOf returns the time before, between and after the spikes', () => {
  expect(gapsOf([3, 4, 8], 12)).toEqual([
    { start: 0, end: 3 },
    { start: 5, end: 8 },
    { start: 9, end: 12 },
  ]);
  expect(gapsOf([0, 11], 12)).toEqual([{ start: 1, end: 11 }]);
  expect(gapsOf([], 12)).toEqual([{ start: 0, end: 12 }]);
});
