import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromRunningLevel, toRunningLevel } from '../../../../../tasks/lib/report/trace/running-level.ts';

test('fromRunningLevel undoes toRunningLevel', () => {
  const values = fc.array(fc.integer({ min: -1e6, max: 1e6 })).map((list) => Int32Array.from(list));
  fc.assert(
    fc.property(values, (list) => {
      expect(fromRunningLevel(toRunningLevel(list))).toEqual(list);
    }),
  );
});

test('a spike moves the running level by 1 at most', () => {
  expect([...toRunningLevel(Int32Array.of(0, -500, 0, 0))]).toEqual([0, -500, 1, 0]);
});
