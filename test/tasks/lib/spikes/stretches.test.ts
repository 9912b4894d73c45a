import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stretchesOf } from '../../../../tasks/lib/spikes/stretches.ts';

const trains = fc
  .uniqueArray(fc.integer({ min: 0, max: 9999 }), { maxLength: 200 })
  .map((spikes) => spikes.sort((a, b) => a - b));

test('stretchesOf gives every stretch enough spikes, and no more length than needed', () => {
  fc.assert(
    fc.property(
      trains,
      fc.integer({ min: 100, max: 3000 }),
      fc.integer({ min: 1, max: 30 }),
      (spikes, width, fewest) => {
        for (const { start, end, first, last } of stretchesOf(spikes, 10_000, width, fewest)) {
          expect(spikes.slice(first, last)).toEqual(spikes.filter((at) => at >= start && at < end));
          expect(last - first).toBeGreaterThanOrEqual(fewest);
          expect(end - start >= width && end <= 10_000).toBe(true);
          if (end - start > width) expect(last - first).toBe(fewest);
        }
      },
    ),
  );
});

test('an event of twice their length fills a stretch of stretchesOf at any place', () => {
  const spikes = Array.from({ length: 100 }, (_, i) => i * 100);
  const stretches = stretchesOf(spikes, 10_000, 1000, 5);
  for (let from = 0; from + 2000 <= 10_000; from += 37) {
    expect(stretches.some(({ start, end }) => start >= from && end <= from + 2000)).toBe(true);
  }
});
