/** Finds the differences between two tables, down to the cell. Pure: takes columns, returns data. */
import type { ColumnType } from '../task/column-types.ts';
import { type Cell, cellsOf, matchRows, rowCount, type Table } from './match-rows.ts';

/** A cell as JSON; numbers that JSON lacks (NaN, -0, an int64 beyond 2^53) are text. */
export type Value = string | number | boolean | null;

export interface CellDiff {
  readonly row: string;
  readonly column: string;
  readonly from: Value;
  readonly to: Value;
  /** `to - from`; null unless both are finite numbers. */
  readonly absolute: number | null;
  /** `absolute / |from|`; null if `from` is 0. */
  readonly relative: number | null;
}

export interface ColumnDiff {
  readonly column: string;
  readonly unit: string | null;
  /** How many cells differ. */
  readonly cells: number;
  /** The largest absolute values of the changes; null if no cell has a number. */
  readonly absolute: number | null;
  readonly relative: number | null;
}

export interface TableDiff {
  readonly rows: { readonly from: number; readonly to: number };
  /** The columns that identify a row; empty if rows are matched by number. */
  readonly key: readonly string[];
  /** Columns of only one table, or of different types. */
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

/** A number of rows, and the names of the first few. */
export interface Rows {
  readonly count: number;
  readonly first: readonly string[];
}

/** Limits of the lists; the counts include everything. */
const MAX_CELLS = 50;
const MAX_FLIPS = 1000;
const MAX_ROWS = 10;

export function tableDiff(before: Table, after: Table, headline: string | null): TableDiff {
  const typeBefore = (name: string) => before.schema.columns[name]?.type;
  const typeAfter = (name: string) => after.schema.columns[name]?.type;
  const common = Object.keys(after.schema.columns).filter((name) => typeBefore(name) === typeAfter(name));
  const { key, pairs, added, removed, labelBefore, labelAfter } = matchRows(before, after, common, headline);

  const columns: ColumnDiff[] = [];
  const found: (CellDiff & { readonly at: number })[] = [];
  const flips: CellDiff[] = [];
  for (const column of common) {
    const [from, to] = [cellsOf(before, column), cellsOf(after, column)];
    const type = typeAfter(column) ?? 'utf8';
    let cells = 0;
    let absolute: number | null = null;
    let relative: number | null = null;
    for (const [i, j] of pairs) {
      if (Object.is(from[i], to[j])) continue;
      cells++;
      const change = changeOf(from[i], to[j]);
      absolute = larger(absolute, change.absolute);
      relative = larger(relative, change.relative);
      const isFlip = column === headline && flips.length < MAX_FLIPS;
      if (cells > MAX_CELLS && !isFlip) continue;
      const cell = { row: labelAfter(j), column, from: valueIn(from[i], type), to: valueIn(to[j], type), ...change };
      if (isFlip) flips.push(cell);
      if (cells <= MAX_CELLS) found.push({ ...cell, at: j });
    }
    if (cells > 0)
      columns.push({ column, unit: after.schema.columns[column]?.unit ?? null, cells, absolute, relative });
  }
  const cells = found.sort((a, b) => a.at - b.at).slice(0, MAX_CELLS);
  return {
    rows: { from: rowCount(before), to: rowCount(after) },
    key,
    columnsAdded: Object.keys(after.schema.columns).filter((name) => !common.includes(name)),
    columnsRemoved: Object.keys(before.schema.columns).filter((name) => !common.includes(name)),
    columns,
    cells: cells.map(({ at: _, ...cell }) => cell),
    flips,
    added: { count: added.length, first: added.slice(0, MAX_ROWS).map(labelAfter) },
    removed: { count: removed.length, first: removed.slice(0, MAX_ROWS).map(labelBefore) },
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

const larger = (largest: number | null, change: number | null): number | null =>
  change === null ? largest : Math.max(largest ?? 0, Math.abs(change));

function valueIn(cell: Cell, type: ColumnType): Value {
  if (cell === undefined) return null;
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  if (typeof cell !== 'number') return cell;
  if (!Number.isFinite(cell) || Object.is(cell, -0)) return Object.is(cell, -0) ? '-0' : String(cell);
  return type === 'float32' ? shortestFloat32(cell) : cell;
}

/** The shortest decimal that rounds to the same float32: 0.1, not 0.10000000149011612. */
function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
