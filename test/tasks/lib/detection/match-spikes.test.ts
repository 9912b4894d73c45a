import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchSpikes } from '../../../../tasks/lib/detection/match-spikes.ts';

test('matchSpikes finds all spikes shifted within the tolerance, and the shift', () => {
  const expected = [100, 300, 700, 900];
  const detected = [103, 303, 500, 703, 903];
  expect(matchSpikes(expected, detected, 10)).toEqual({ found: 4, missed: 0, extra: 1, medianOffset: 3 });
});

test('matchSpikes finds no spikes shifted beyond the tolerance, but the shift', () => {
  const expected = [1000, 3000, 7000];
  expect(matchSpikes(expected, [1040, 3040, 7040], 10)).toEqual({ found: 0, missed: 3, extra: 3, medianOffset: 40 });
});

test('matchSpikes finds no shift from misses alone', () => {
  expect(matchSpikes([100, 500, 900, 1300, 1700], [100, 900, 1700], 10)).toMatchObject({ missed: 2, medianOffset: 0 });
});

test('matchSpikes counts two detections of the same spike as found and extra', () => {
  expect(matchSpikes([100], [95, 105], 10)).toMatchObject({ found: 1, missed: 0, extra: 1 });
  expect(matchSpikes([100, 100], [100], 10)).toMatchObject({ found: 1, missed: 1, extra: 0 });
});

test('matchSpikes has no offset for an empty list', () => {
  expect(matchSpikes([], [5], 10)).toEqual({ found: 0, missed: 0, extra: 1, medianOffset: null });
  expect(matchSpikes([5], [], 10)).toEqual({ found: 0, missed: 1, extra: 0, medianOffset: null });
});

test('matchSpikes finds as many pairs as a maximum matching, and the median of nearest distances', () => {
  const spikes = fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(spikes, spikes, fc.integer({ min: 0, max: 8 }), (expected, detected, tolerance) => {
      const { found, missed, extra, medianOffset } = matchSpikes(expected, detected, tolerance);
      expect(found).toBe(largestMatching(expected, detected, tolerance));
      expect([missed, extra]).toEqual([expected.length - found, detected.length - found]);
      if (medianOffset === null) return;
      // If both neighbours are equally near, either sign is right; so compare distances.
      const nearest = expected.map((spike) => Math.min(...detected.map((d) => Math.abs(d - spike))));
      expect(Math.abs(medianOffset)).toBeLessThanOrEqual(Math.max(...nearest));
    }),
    { numRuns: 1000 },
  );
});

/** Returns the size of a maximum bipartite matching by augmenting paths (Kuhn). */
function largestMatching(expected: number[], detected: number[], tolerance: number): number {
  const partner = new Map<number, number>();
  const augment = (e: number, seen: Set<number>): boolean =>
    detected.some((sample, d) => {
      if (Math.abs(sample - (expected[e] ?? 0)) > tolerance || seen.has(d)) return false;
      seen.add(d);
      const holder = partner.get(d);
      if (holder !== undefined && !augment(holder, seen)) return false;
      partner.set(d, e);
      return true;
    });
  return expected.filter((_, e) => augment(e, new Set())).length;
}
