/** A diff as text for a terminal: flipped headlines, then the changes that people made, then the outputs that differ. */

import { countText, listText } from '../report/list.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn, printableLine } from '../report/printable.ts';
import { padEnd, widthOf } from '../report/width.ts';
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
} from './phrases.ts';
import type { OutputDiff, RunDiff } from './runs.ts';
import type { CellDiff, TableDiff } from './tables.ts';

/** Limits of the lists; `--format json` has everything. */
const MAX_FLIPS = 50;
const MAX_LINES = 30;
const MAX_ACTIONS = 3;
const MAX_CELLS = 5;

export function diffLines(found: RunDiff, paint: Paint): string[] {
  const diff = printableIn(found, printableLine);
  if (isSame(diff)) return [sameText(diff)];
  const { before, after, flips, changes, outputs } = diff;
  const section = (title: string, lines: readonly string[], max: number): string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...bounded(lines, max).map((line) => `  ${line}`)];
  return [
    `${runText(before)} -> ${runText(after)}`,
    ...section('flipped', flipLines(diff, paint), MAX_FLIPS),
    ...(flips.length === 0 ? ['', 'no headline flipped'] : []),
    ...changeGroups(changes).flatMap(({ title, lines }) => section(title, lines, MAX_LINES)),
    ...section('actions', actionLines(diff), MAX_LINES),
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
  const detailed = group.filter(({ table }) => table !== null).slice(0, MAX_ACTIONS);
  const others = group.filter((output) => !detailed.includes(output)).map(({ action }) => action);
  const more = detailed.length > 0 ? 'and ' : '';
  return [
    '',
    `${paint.bold(name)}  ${kinds} in ${countText(group.length, 'action')}`,
    ...detailed.flatMap((output) => tableLines(output).map((line) => `  ${line}`)),
    ...(others.length > 0 ? [`  ${more}${listText(others, ', ')}`] : []),
  ];
}

function tableLines({ action, table }: OutputDiff): string[] {
  if (!table) return [];
  const { cells, columns } = table;
  const all = columns.reduce((sum, column) => sum + column.cells, 0);
  const first = cells.slice(0, MAX_CELLS);
  return [
    `${action}: ${rowsText(table)}`,
    ...(all > first.length ? columns.map((column) => `  ${columnText(column)}`) : []),
    ...first.map((cell) => `  ${cellText(cell, table)}`),
    ...(all > first.length ? [`  and ${countText(all - first.length, 'more cell')}`] : []),
  ];
}

function cellText(cell: CellDiff, table: TableDiff): string {
  const change = changeText(cell);
  const row = rowText(cell, table);
  const text = `${row === '' ? '' : `${row}  `}${cell.column}  ${fromToText(cell).join(' -> ')}`;
  return change === '' ? text : `${text}  (${change})`;
}

function bounded(lines: readonly string[], max: number): readonly string[] {
  if (lines.length <= max) return lines;
  return [...lines.slice(0, max), `and ${lines.length - max} more (all with --format json)`];
}
