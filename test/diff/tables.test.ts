import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Table } from '../../src/diff/match-rows.ts';
import { tableDiff } from '../../src/diff/tables.ts';
import type { ColumnType } from '../../src/task/column-types.ts';

/** Columns as `name type`, with their values. */
function tableOf(columns: { readonly [nameAndType: string]: readonly unknown[] }, unit?: string): Table {
  const schema: { [name: string]: object } = {};
  const values: { [name: string]: unknown } = {};
  for (const [title, list] of Object.entries(columns)) {
    const [name = '', type = ''] = title.split(' ') as [string, ColumnType];
    schema[name] = { type, description: name, ...(unit === undefined ? {} : { unit }) };
    values[name] = type === 'float32' ? Float32Array.from(list as number[]) : list;
  }
  return { schema: { description: '', columns: schema }, columns: values } as unknown as Table;
}

const cellsOf = (before: Table, after: Table, headline: string | null = null) =>
  tableDiff(before, after, headline).cells.map(({ row, column, from, to }) => [row, column, from, to]);

describe('tableDiff matches rows', () => {
  test('by the first column of texts or whole numbers that is unique in both tables', () => {
    const before = tableOf({ 'x float64': [1, 2, 3], 'kind utf8': ['k', 'k', 'l'], 'unit int64': [7n, 8n, 9n] });
    const after = tableOf({ 'x float64': [3, 2, 5], 'kind utf8': ['l', 'k', 'k'], 'unit int64': [9n, 8n, 4n] });
    const diff = tableDiff(before, after, null);
    expect(diff).toMatchObject({ key: ['unit'], cells: [], rows: { from: 3, to: 3 } });
    expect(diff.added).toEqual({ count: 1, first: ['unit=4'] });
    expect(diff.removed).toEqual({ count: 1, first: ['unit=7'] });
  });

  test('by several columns together', () => {
    const columns = { 'channel int32': [0, 0, 1], 'sample int32': [0, 1, 0] };
    const before = tableOf({ ...columns, 'v float64': [1, 2, 3] });
    const after = tableOf({ ...columns, 'v float64': [1, 2, 4] });
    expect(tableDiff(before, after, null).key).toEqual(['channel', 'sample']);
    expect(cellsOf(before, after)).toEqual([['channel=1 sample=0', 'v', 3, 4]]);
  });

  test('by number if a column that was unique by chance changed', () => {
    const before = tableOf({ 'count int64': [5n, 6n, 7n] });
    const after = tableOf({ 'count int64': [5n, 8n, 9n, 1n] });
    const diff = tableDiff(before, after, null);
    expect(diff).toMatchObject({ key: [], added: { count: 1, first: ['row 3'] }, removed: { count: 0 } });
    expect(diff.cells.map(({ row, from, to }) => [row, from, to])).toEqual([
      ['row 1', 6, 8],
      ['row 2', 7, 9],
    ]);
  });

  test('of single-row tables by a text, never by a number or the headline', () => {
    const of = (recording: string, verdict: string, count: bigint) =>
      tableOf({ 'verdict utf8': [verdict], 'recording utf8': [recording], 'count int64': [count] });
    const diff = tableDiff(of('a', 'accept', 3n), of('a', 'reject', 3n), 'verdict');
    expect(diff.key).toEqual(['recording']);
    expect(diff.flips).toMatchObject([{ row: 'a', column: 'verdict', from: 'accept', to: 'reject' }]);
    const alone = tableDiff(tableOf({ 'verdict utf8': ['x'] }), tableOf({ 'verdict utf8': ['y'] }), 'verdict');
    expect(alone).toMatchObject({ key: [], flips: [{ row: 'row 0' }], added: { count: 0 } });
  });

  test('in any order', () => {
    const rows = fc.uniqueArray(fc.tuple(fc.integer(), fc.double()), { selector: ([id]) => id, minLength: 2 });
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat()), (list, order) => {
        const places = new Map(list.map((row) => [row, order.next().value]));
        const shuffled = [...list].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
        const of = (own: typeof list) =>
          tableOf({ 'id int32': own.map(([id]) => id), 'v float64': own.map(([, v]) => v) });
        const diff = tableDiff(of(list), of(shuffled), null);
        expect([diff.columns, diff.cells, diff.added.count, diff.removed.count]).toEqual([[], [], 0, 0]);
      }),
    );
  });
});

describe('tableDiff compares cells', () => {
  const change = (type: ColumnType, from: unknown, to: unknown) => {
    const of = (value: unknown) => tableOf({ 'name utf8': ['n'], [`v ${type}`]: [value] });
    const [cell] = tableDiff(of(from), of(to), null).cells;
    return cell && [cell.from, cell.to, cell.absolute, cell.relative];
  };

  test('by their absolute and relative change', () => {
    expect(change('float64', 4, 5)).toEqual([4, 5, 1, 0.25]);
    expect(change('float64', -4, -5)).toEqual([-4, -5, -1, -0.25]);
    expect(change('int64', 10n, 5n)).toEqual([10, 5, -5, -0.5]);
    expect(change('float64', 0, 5)).toEqual([0, 5, 5, null]);
    expect(change('int64', 0n, 5n)).toEqual([0, 5, 5, null]);
  });

  test('without numbers', () => {
    expect(change('float64', Number.NaN, 1)).toEqual(['NaN', 1, null, null]);
    expect(change('float64', Number.NaN, Number.NaN)).toBeUndefined();
    expect(change('float64', 1, null)).toEqual([1, null, null, null]);
    expect(change('float64', -0, 0)?.slice(0, 2)).toEqual(['-0', 0]);
    expect(change('bool', true, false)).toEqual([true, false, null, null]);
    expect(change('int64', 2n ** 60n, 1n)?.[0]).toBe('1152921504606846976');
  });

  test('of float32 in as few digits as possible', () => {
    expect(change('float32', 0.1, 0.25)?.slice(0, 2)).toEqual([0.1, 0.25]);
  });

  test('and counts the changed cells of each column and its largest changes', () => {
    const names = { 'name utf8': ['a', 'b', 'c'] };
    const before = tableOf({ ...names, 'v float64': [1, 10, 5] }, 'uV');
    const after = tableOf({ ...names, 'v float64': [2, 7, 5] }, 'uV');
    expect(tableDiff(before, after, null).columns).toEqual([
      { column: 'v', unit: 'uV', cells: 2, absolute: 3, relative: 1 },
    ]);
  });

  test('counts all of them and keeps the first', () => {
    const of = (plus: number) => tableOf({ 'v float64': Array.from({ length: 1000 }, (_, i) => i + plus) });
    const diff = tableDiff(of(0), of(1), null);
    expect(diff.columns[0]?.cells).toBe(1000);
    expect(diff.cells.length).toBeLessThanOrEqual(100);
    expect(diff.cells[0]?.row).toBe('row 0');
    const text = (word: string) =>
      tableOf({ 'id int64': Array.from({ length: 99 }, (_, i) => BigInt(i)), 'h utf8': Array(99).fill(word) });
    expect(tableDiff(text('x'), text('y'), 'h').flips).toHaveLength(99);
  });
});

test('tableDiff lists columns that appeared, disappeared or changed their type', () => {
  const before = tableOf({ 'n utf8': ['a'], 'gone float64': [1], 'v float64': [1] });
  const after = tableOf({ 'n utf8': ['a'], 'v float32': [1], 'come bool': [true] });
  expect(tableDiff(before, after, null)).toMatchObject({
    columnsAdded: ['v', 'come'],
    columnsRemoved: ['gone', 'v'],
    cells: [],
  });
});

test('tableDiff compares empty tables', () => {
  const [none, one] = [tableOf({ 'n utf8': [], 'v float64': [] }), tableOf({ 'n utf8': ['a'], 'v float64': [1] })];
  expect(tableDiff(none, one, null)).toMatchObject({ added: { count: 1, first: ['a'] }, removed: { count: 0 } });
  expect(tableDiff(one, none, null)).toMatchObject({ added: { count: 0 }, removed: { count: 1, first: ['a'] } });
  expect(tableDiff(none, none, null)).toMatchObject({ added: { count: 0 }, removed: { count: 0 }, cells: [] });
});
