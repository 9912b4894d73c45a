/** What differs between two tables, down to the cell. Pure: columns as read in, plain data out. */
import type { ColumnType } from '../task/column-types.ts';
import { type Cell, cellsOf, matchRows, rowCount, type Table } from './match-rows.ts';

/** A value that JSON has: what is no number there (NaN, an int64 beyond 2^53) is text. */
export type Value = string | number | boolean | null;

export interface CellDiff {
  readonly row: string;
  readonly column: string;
  readonly from: Value;
  readonly to: Value;
  /** `to - from`; null where one is no finite number. */
  readonly absolute: number | null;
  /** The same in parts of `from`'s size; null where that is 0. */
  readonly relative: number | null;
}

export interface ColumnDiff {
  readonly column: string;
  readonly unit: string | null;
  /** How many cells differ. */
  readonly cells: number;
  /** The largest changes in size; null where no cell has one. */
  readonly absolute: number | null;
  readonly relative: number | null;
}

export interface TableDiff {
  readonly rows: { readonly from: number; readonly to: number };
  /** The columns that say which row is which; none: rows are matched by number. */
  readonly key: readonly string[];
  /** Columns that only one has, or with another type. */
  readonly columnsAdded: readonly string[];
  readonly columnsRemoved: readonly string[];
  readonly columns: readonly ColumnDiff[];
  /** The first of the cells that differ, row by row. */
  readonly cells: readonly CellDiff[];
  /** Cells of the headline column. */
  readonly flips: readonly CellDiff[];
  readonly added: Rows;
  readonly removed: Rows;
}

/** How many, and what the first are called. */
export interface Rows {
  readonly count: number;
  readonly first: readonly string[];
}

/** How much is kept; everything is counted. */
const MOST_CELLS = 50;
const MOST_FLIPS = 1000;
const MOST_ROWS = 10;

export function tableDiff(before: Table, after: Table, headline: string | null): TableDiff {
  const is = (name: string) => after.schema.columns[name]?.type;
  const was = (name: string) => before.schema.columns[name]?.type;
  const common = Object.keys(after.schema.columns).filter((name) => was(name) === is(name));
  const { key, pairs, added, removed, labelBefore, labelAfter } = matchRows(before, after, common, headline);

  const columns: ColumnDiff[] = [];
  const found: (CellDiff & { readonly at: number })[] = [];
  const flips: CellDiff[] = [];
  for (const column of common) {
    const [from, to] = [cellsOf(before, column), cellsOf(after, column)];
    const type = is(column) ?? 'utf8';
    let cells = 0;
    let absolute: number | null = null;
    let relative: number | null = null;
    for (const [i, j] of pairs) {
      if (Object.is(from[i], to[j])) continue;
      cells++;
      const change = changeOf(from[i], to[j]);
      absolute = larger(absolute, change.absolute);
      relative = larger(relative, change.relative);
      const isFlip = column === headline && flips.length < MOST_FLIPS;
      if (cells > MOST_CELLS && !isFlip) continue;
      const cell = { row: labelAfter(j), column, from: valueIn(from[i], type), to: valueIn(to[j], type), ...change };
      if (isFlip) flips.push(cell);
      if (cells <= MOST_CELLS) found.push({ ...cell, at: j });
    }
    if (cells > 0)
      columns.push({ column, unit: after.schema.columns[column]?.unit ?? null, cells, absolute, relative });
  }
  const cells = found.sort((a, b) => a.at - b.at).slice(0, MOST_CELLS);
  return {
    rows: { from: rowCount(before), to: rowCount(after) },
    key,
    columnsAdded: Object.keys(after.schema.columns).filter((name) => !common.includes(name)),
    columnsRemoved: Object.keys(before.schema.columns).filter((name) => !common.includes(name)),
    columns,
    cells: cells.map(({ at: _, ...cell }) => cell),
    flips,
    added: { count: added.length, first: added.slice(0, MOST_ROWS).map(labelAfter) },
    removed: { count: removed.length, first: removed.slice(0, MOST_ROWS).map(labelBefore) },
  };
}

function changeOf(from: Cell, to: Cell): Pick<CellDiff, 'absolute' | 'relative'> {
  const none = { absolute: null, relative: null };
  if (typeof from === 'bigint' && typeof to === 'bigint') {
    const absolute = Number(to - from);
    return { absolute, relative: from === 0n ? null : absolute / Math.abs(Number(from)) };
  }
  if (typeof from !== 'number' || typeof to !== 'number') return none;
  const absolute = to - from;
  if (!Number.isFinite(absolute)) return none;
  const relative = absolute / Math.abs(from);
  return { absolute, relative: Number.isFinite(relative) ? relative : null };
}

const larger = (most: number | null, one: number | null): number | null =>
  one === null ? most : Math.max(most ?? 0, Math.abs(one));

function valueIn(cell: Cell, type: ColumnType): Value {
  if (cell === undefined) return null;
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  if (typeof cell !== 'number') return cell;
  if (!Number.isFinite(cell) || Object.is(cell, -0)) return Object.is(cell, -0) ? '-0' : String(cell);
  return type === 'float32' ? shortestFloat32(cell) : cell;
}

/** The shortest decimal that is the same float32: 0.1, not 0.10000000149011612. */
function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
