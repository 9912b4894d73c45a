import colors from 'picocolors';
import { expect, test } from 'vitest';
import { sweepLines } from '../../src/sweep/text.ts';
import { grid, swept } from './swept.ts';

const none = colors.createColors(false);

test('sweepLines show a matrix, and the values over which a headline holds', () => {
  const one = swept([2, 2.5, 3, 4], 3, {
    a: ['too few', 'enough', 'enough', 'enough'],
    longer: ['enough', 'enough', 'enough', 'enough'],
    c: [null, 'enough', 'too few', 'enough'],
  });
  expect(sweepLines(one, none, 120)).toEqual([
    'verdict by judge.limit',
    'recording  2        2.5     3*       4',
    'a          too few  enough  enough   enough  enough from 2.5 to 4',
    'longer     enough   enough  enough   enough  enough from 2 to 4',
    'c          -        enough  too few  enough  too few at 3',
    "* the pipeline's own value",
    'the same at all 4 values: 1 of 3 rows',
  ]);
});

test('sweepLines abbreviate headlines that do not fit', () => {
  const one = swept([2, 3], 3, { a: ['accept', 'annul'], b: ['reject', 'accept'] });
  expect(sweepLines(one, none, 30).slice(1, 5)).toEqual([
    'recording  2   3*',
    'a          ac  an  annul at 3',
    'b          r   ac  accept at 3',
    '(ac accept, an annul, r reject)',
  ]);
});

test("sweepLines list all headlines if the pipeline's own value is not among the values", () => {
  const one = swept([2, 3, 4], 2.5, { a: ['yes', 'yes', 'no'] });
  expect(sweepLines(one, none, 120).slice(2)).toEqual([
    'a          yes  yes  no  yes from 2 to 3, no at 4',
    "the pipeline's own value, 2.5, is not among these",
    'the same at all 3 values: 0 of 1 row',
  ]);
});

test('sweepLines list values that are texts instead of ranges', () => {
  const one = swept(['x', 'y', 'z'], 'x', { a: ['yes', 'no', 'yes'] });
  expect(sweepLines(one, none, 120)[2]).toBe('a          yes  no  yes  yes at x, z');
});

test('sweepLines show a matrix for each value of a second parameter', () => {
  const lines = sweepLines(grid, none, 120);
  expect(lines.filter((line) => line.includes('by'))).toEqual([
    'verdict by count.at_least, judge.limit=2',
    'verdict by count.at_least, judge.limit=3',
  ]);
  expect(lines.filter((line) => line.startsWith('a '))).toEqual([
    'a          enough  enough  too few  enough from 1 to 2',
    'a          enough  too few  too few  too few from 2 to 3',
  ]);
});

test('sweepLines say that no run reached a headline', () => {
  expect(sweepLines({ ...swept([1], 1, {}), headline: null }, none, 80)).toEqual(['no run came as far as a headline']);
});
