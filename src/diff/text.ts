/** Two runs side by side, for a terminal: flipped headlines first, then what was changed, then what it changed. */

import { countText, listText } from '../report/list.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn, printableLine } from '../report/printable.ts';
import { padEnd, widthOf } from '../report/width.ts';
import type { OutputDiff, RunDiff } from './runs.ts';
import type { CellDiff, TableDiff } from './tables.ts';
import {
  actionLines,
  changeGroups,
  changeText,
  columnText,
  fromToText,
  isSame,
  outputGroups,
  rowsText,
  rowText,
  runText,
  sameText,
} from './words.ts';

/** How much is shown before the rest is only counted; `--format json` has it. */
const MOST_FLIPS = 50;
const MOST_LINES = 30;
const MOST_ACTIONS = 3;
const MOST_CELLS = 5;

export function diffLines(found: RunDiff, paint: Paint): string[] {
  const diff = printableIn(found, printableLine);
  if (isSame(diff)) return [sameText(diff)];
  const { before, after, flips, changes, outputs } = diff;
  const section = (title: string, lines: readonly string[], most: number): string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...bounded(lines, most).map((line) => `  ${line}`)];
  return [
    `${runText(before)} -> ${runText(after)}`,
    ...section('flipped', flipLines(diff, paint), MOST_FLIPS),
    ...(flips.length === 0 ? ['', 'no headline flipped'] : []),
    ...changeGroups(changes).flatMap(({ title, lines }) => section(title, lines, MOST_LINES)),
    ...section('actions', actionLines(diff), MOST_LINES),
    ...[...outputGroups(outputs)].flatMap(([name, group]) => outputLines(name, group, paint)),
  ];
}

function flipLines({ flips }: RunDiff, paint: Paint): string[] {
  const width = Math.max(0, ...flips.map(({ row }) => widthOf(row)));
  return flips.map((flip) => {
    const [from, to] = fromToText(flip);
    return `${padEnd(flip.row, width)}  ${flip.column}  ${from} -> ${paint.bold(to)}`;
  });
}

function outputLines(name: string, group: readonly OutputDiff[], paint: Paint): string[] {
  const kinds = [...new Set(group.map(({ kind, change }) => `${kind} ${change}`))].join(', ');
  const told = group.filter(({ table }) => table !== null);
  const shown = told.slice(0, MOST_ACTIONS);
  const others = group.filter((one) => !shown.includes(one)).map(({ action }) => action);
  const more = shown.length > 0 ? 'and ' : '';
  return [
    '',
    `${paint.bold(name)}  ${kinds} in ${countText(group.length, 'action')}`,
    ...shown.flatMap((one) => tableLines(one).map((line) => `  ${line}`)),
    ...(others.length > 0 ? [`  ${more}${listText(others, ', ')}`] : []),
  ];
}

function tableLines({ action, table }: OutputDiff): string[] {
  if (!table) return [];
  const { cells, columns } = table;
  const all = columns.reduce((sum, column) => sum + column.cells, 0);
  const shown = cells.slice(0, MOST_CELLS);
  return [
    `${action}: ${rowsText(table)}`,
    ...(all > shown.length ? columns.map((column) => `  ${columnText(column)}`) : []),
    ...shown.map((cell) => `  ${cellText(cell, table)}`),
    ...(all > shown.length ? [`  and ${countText(all - shown.length, 'more cell')}`] : []),
  ];
}

function cellText(cell: CellDiff, table: TableDiff): string {
  const change = changeText(cell);
  const row = rowText(cell, table);
  const text = `${row === '' ? '' : `${row}  `}${cell.column}  ${fromToText(cell).join(' -> ')}`;
  return change === '' ? text : `${text}  (${change})`;
}

function bounded(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `and ${lines.length - most} more (all with --format json)`];
}
