/** Which row of one table is which of another: by key columns where there are some, else by number. */
import type { ColumnType } from '../task/column-types.ts';
import type { Columns, TableSchema } from '../task/table-schema.ts';

export interface Matched {
  readonly key: readonly string[];
  /** Row numbers in the first and the second table. */
  readonly pairs: readonly (readonly [before: number, after: number])[];
  readonly added: readonly number[];
  readonly removed: readonly number[];
  readonly labelBefore: (row: number) => string;
  readonly labelAfter: (row: number) => string;
}

/** Names and whole numbers can name a row; measured values cannot. */
const NAMING: readonly ColumnType[] = ['utf8', 'int64', 'int32', 'uint16'];

/** How many columns may together be a key. */
const WIDEST_KEY = 3;

/**
 * The key is the first column whose values are unique in both tables, or else the first few together. They must also
 * be the same in at least half of the rows: a count that happens to be unique, and changed, names nothing.
 *
 * @param headline what a row says cannot be its name
 */
export function matchRows(before: Table, after: Table, columns: readonly string[], headline: string | null): Matched {
  const typeOf = (name: string) => after.schema.columns[name]?.type;
  // A number in an only row counts or measures something, and names nothing.
  const single = rowCount(before) === 1 && rowCount(after) === 1;
  const naming = columns.filter(
    (name) => name !== headline && (single ? ['utf8'] : NAMING).some((type) => type === typeOf(name)),
  );
  const together = Array.from({ length: Math.min(WIDEST_KEY, naming.length) }, (_, i) => naming.slice(0, i + 1));
  const candidates = [...naming.map((name) => [name]), ...together.slice(1)];
  const fewer = Math.min(rowCount(before), rowCount(after));
  for (const key of candidates) {
    const was = indexOf(before, key);
    const is = was && indexOf(after, key);
    if (!was || !is) continue;
    const pairs = [...is].flatMap(([name, row]) => {
      const other = was.get(name);
      return other === undefined ? [] : [[other, row] as const];
    });
    if (2 * pairs.length < fewer) continue;
    return {
      key,
      pairs,
      added: [...is].flatMap(([name, row]) => (was.has(name) ? [] : [row])),
      removed: [...was].flatMap(([name, row]) => (is.has(name) ? [] : [row])),
      labelBefore: (row) => nameOf(before, key, row).join(' '),
      labelAfter: (row) => nameOf(after, key, row).join(' '),
    };
  }
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

/** Rows by their key; undefined where two rows have the same, or none is given. */
function indexOf(table: Table, key: readonly string[]): ReadonlyMap<string, number> | undefined {
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

/** Texts stand for themselves, numbers with their column's name. */
const nameOf = (table: Table, key: readonly string[], row: number): string[] =>
  key.map((name) => {
    const text = textOf(cellsOf(table, name)[row]);
    return table.schema.columns[name]?.type === 'utf8' ? text : `${name}=${text}`;
  });

const textOf = (cell: Cell): string => (cell === null || cell === undefined ? '' : String(cell));

/** A table as it was read, whatever its columns are. */

export interface Table {
  readonly schema: TableSchema;
  readonly columns: Columns<TableSchema>;
}

export type Cell = string | number | bigint | boolean | null | undefined;

export const cellsOf = ({ columns }: Table, name: string): ArrayLike<Cell> =>
  (columns[name] ?? []) as unknown as ArrayLike<Cell>;

export const rowCount = (table: Table): number => cellsOf(table, Object.keys(table.schema.columns)[0] ?? '').length;
