/** Matches the rows of two tables: by key columns if there are any, else by row number. */
import type { ColumnType } from '../task/column-types.ts';
import type { TableSchema } from '../task/table-schema.ts';

export interface RowMatch {
  readonly key: readonly string[];
  /** Row numbers in the first and the second table. */
  readonly pairs: readonly (readonly [before: number, after: number])[];
  readonly added: readonly number[];
  readonly removed: readonly number[];
  readonly labelBefore: (row: number) => string;
  readonly labelAfter: (row: number) => string;
}

/** Texts and whole numbers can identify a row; measured values cannot. */
const KEY_TYPES: readonly ColumnType[] = ['utf8', 'int64', 'int32', 'uint16'];

/** Maximum number of columns in a key. */
const WIDEST_KEY = 3;

/**
 * The key is the first column whose values are unique in both tables, or else the first few columns together. At least
 * half of the rows must match by it: a column may be unique by chance.
 *
 * @param headline never part of the key, because its values are expected to change
 */
export function matchRows(before: Table, after: Table, columns: readonly string[], headline: string | null): RowMatch {
  const typeOf = (name: string) => after.schema.columns[name]?.type;
  // In tables of a single row numbers are measurements and do not identify it.
  const single = rowCount(before) === 1 && rowCount(after) === 1;
  const usable = columns.filter(
    (name) => name !== headline && (single ? ['utf8'] : KEY_TYPES).some((type) => type === typeOf(name)),
  );
  const together = Array.from({ length: Math.min(WIDEST_KEY, usable.length) }, (_, i) => usable.slice(0, i + 1));
  const candidates = [...usable.map((name) => [name]), ...together.slice(1)];
  for (const key of candidates) {
    const match = matchBy(key, before, after);
    if (match) return match;
  }
  return matchByNumber(before, after);
}

/** Undefined if the key is not unique, or if fewer than half of the rows match. */
function matchBy(key: readonly string[], before: Table, after: Table): RowMatch | undefined {
  const rowsBefore = rowsByKey(before, key);
  const rowsAfter = rowsBefore && rowsByKey(after, key);
  if (!rowsBefore || !rowsAfter) return undefined;
  const pairs = [...rowsAfter].flatMap(([name, row]) => {
    const other = rowsBefore.get(name);
    return other === undefined ? [] : [[other, row] as const];
  });
  if (2 * pairs.length < Math.min(rowCount(before), rowCount(after))) return undefined;
  return {
    key,
    pairs,
    added: [...rowsAfter].flatMap(([name, row]) => (rowsBefore.has(name) ? [] : [row])),
    removed: [...rowsBefore].flatMap(([name, row]) => (rowsAfter.has(name) ? [] : [row])),
    labelBefore: (row) => labelOf(before, key, row),
    labelAfter: (row) => labelOf(after, key, row),
  };
}

function matchByNumber(before: Table, after: Table): RowMatch {
  const fewer = Math.min(rowCount(before), rowCount(after));
  const from = (start: number, end: number) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
  const label = (row: number) => `row ${row}`;
  return {
    key: [],
    pairs: from(0, fewer).map((row) => [row, row] as const),
    added: from(fewer, rowCount(after)),
    removed: from(fewer, rowCount(before)),
    labelBefore: label,
    labelAfter: label,
  };
}

/** Row numbers by key; undefined if two rows have the same key. */
function rowsByKey(table: Table, key: readonly string[]): ReadonlyMap<string, number> | undefined {
  const index = new Map<string, number>();
  const rows = rowCount(table);
  const lists = key.map((name) => cellsOf(table, name));
  for (let row = 0; row < rows; row++) {
    const name = lists.length === 1 ? textOf(lists[0]?.[row]) : JSON.stringify(lists.map((list) => textOf(list[row])));
    if (index.has(name)) return undefined;
    index.set(name, row);
  }
  return index;
}

/** `patch2 channel=12`: only numbers need the name of their column. */
const labelOf = (table: Table, key: readonly string[], row: number): string =>
  key
    .map((name) => {
      const text = textOf(cellsOf(table, name)[row]);
      return table.schema.columns[name]?.type === 'utf8' ? text : `${name}=${text}`;
    })
    .join(' ');

const textOf = (cell: Cell): string => (cell === null || cell === undefined ? '' : String(cell));

/** A decoded table of any schema. */
export interface Table {
  readonly schema: TableSchema;
  /** Dates, times, bytes and lists as text. */
  readonly columns: { readonly [name: string]: ArrayLike<unknown> };
}

export type Cell = string | number | bigint | boolean | null | undefined;

export const cellsOf = ({ columns }: Table, name: string): ArrayLike<Cell> =>
  (columns[name] ?? []) as unknown as ArrayLike<Cell>;

export const rowCount = (table: Table): number => cellsOf(table, Object.keys(table.schema.columns)[0] ?? '').length;
