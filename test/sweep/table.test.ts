import { expect, test } from 'vitest';
import { sweepTable } from '../../src/sweep/table.ts';
import { encodeCsv } from '../../src/task/csv.ts';
import { encodeTable } from '../../src/task/table-file.ts';
import { grid, swept } from './swept.ts';

const csvOf = (sweep: Parameters<typeof sweepTable>[0]) => {
  const { schema, columns } = sweepTable(sweep);
  return encodeCsv(schema, columns).trimEnd().split('\r\n');
};

test('sweepTable has a row for each recording and value', async () => {
  const one = swept([2, 3], 3, { a: ['yes', null], b: ['no', 'no'] });
  expect(csvOf(one)).toEqual([
    'judge.limit,recording,verdict,actions_executed,actions_reused',
    '2,a,yes,2,3',
    '2,b,no,2,3',
    '3,a,,2,3',
    '3,b,no,2,3',
  ]);
  const { schema, columns } = sweepTable(one);
  expect((await encodeTable(schema, columns)).ok).toBe(true);
  expect(schema.columns['judge.limit']?.type).toBe('float64');
});

test('sweepTable has a column for each parameter', () => {
  expect(csvOf(grid).slice(0, 3)).toEqual([
    'judge.limit,count.at_least,recording,verdict,actions_executed,actions_reused',
    '2,1,a,enough,1,1',
    '2,2,a,enough,1,1',
  ]);
});

test.each([
  [[true, false], 'bool', ['true', 'false']],
  [['x', 'y'], 'utf8', ['x', 'y']],
  [[1, 'y'], 'utf8', ['1', 'y']],
  [[[1], []], 'utf8', ['[1]', '[]']],
])('sweepTable writes values %j to a column of %s', async (values, type, cells) => {
  const one = swept(values, undefined, { a: ['yes', 'no'] });
  const { schema, columns } = sweepTable(one);
  expect(schema.columns['judge.limit']?.type).toBe(type);
  expect((await encodeTable(schema, columns)).ok).toBe(true);
  expect(
    csvOf(one)
      .slice(1)
      .map((line) => line.split(',')[0]),
  ).toEqual(cells);
});
