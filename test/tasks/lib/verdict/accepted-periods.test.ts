import { expect, test } from 'vitest';
import { acceptedPeriods } from '../../../../tasks/lib/verdict/accepted-periods.ts';

const sound = [
  { start: 0, end: 10 },
  { start: 10, end: 30 },
  { start: 40, end: 44 },
];

test('acceptedPeriods joins sound stretches and drops short periods', () => {
  expect(acceptedPeriods(sound, [], 5)).toEqual([{ start: 0, end: 30 }]);
  expect(acceptedPeriods(sound, [], 0)).toEqual([
    { start: 0, end: 30 },
    { start: 40, end: 44 },
  ]);
  expect(acceptedPeriods([], [], 5)).toEqual([]);
});

test('acceptedPeriods cuts out faults before it drops short periods', () => {
  expect(acceptedPeriods(sound, [{ start: 12, end: 15 }], 12)).toEqual([
    { start: 0, end: 12 },
    { start: 15, end: 30 },
  ]);
  expect(acceptedPeriods(sound, [{ start: 20, end: 50 }], 5)).toEqual([{ start: 0, end: 20 }]);
  expect(acceptedPeriods(sound, [{ start: 0, end: 50 }], 0)).toEqual([]);
});
