import { expect, test } from 'vitest';
import { missedWithin, truthOf } from '../../../../tasks/lib/synthetic/truth.ts';

test('truthOf pairs true and detected spikes at most once each, within 0.5 ms', () => {
  const truth = truthOf([1000, 2000, 3000, 4000], [1009, 1010, 2011, 3990, 4005]);
  expect(truth).toEqual({ missed: 0.5, extra: 0.6, found: [true, false, false, true] });
  expect(truthOf([], [5])).toMatchObject({ missed: 0, extra: 1 });
  expect(truthOf([5], [])).toMatchObject({ missed: 1, extra: 0 });
});

test('missedWithin counts the true spikes in the periods that were not detected', () => {
  const found = [true, false, true, false];
  expect(missedWithin([10, 20, 30, 40], found, [{ start: 15, end: 40 }])).toBe(0.5);
  expect(missedWithin([10, 20, 30, 40], found, [])).toBeNull();
});
