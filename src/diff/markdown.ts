/** A diff as a comment on a pull request: flips and changes are visible, the outputs are folded. */

import { countText, listText } from '../report/list.ts';
import { printableIn, printableLine } from '../report/printable.ts';
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
  sameText,
} from './phrases.ts';
import type { OutputDiff, RunDiff } from './runs.ts';
import type { TableDiff } from './tables.ts';

/** GitHub allows 65,536 characters; outputs that do not fit are only counted. */
const LONGEST_COMMENT = 60_000;
const MAX_FLIPS = 50;
const MAX_LINES = 20;
const MAX_ACTIONS = 3;
const MAX_CELLS = 5;

export function diffMarkdown(found: RunDiff): string {
  const diff = printableIn(found, printableLine);
  const { before, after, flips, outputs, changes } = diff;
  if (isSame(diff)) return `### No difference\n\n${code(sameText(diff))}\n`;
  const title = flips.length === 0 ? 'No headline flipped' : `${countText(flips.length, 'headline')} flipped`;
  const parts = [
    `### ${title}`,
    ...(flips.length === 0 ? [] : [flipTable(diff)]),
    ...changeGroups(changes).map((group) => list(group.title, group.lines)),
    ...(diff.actions.length + diff.lost.length === 0 ? [] : [list('actions', actionLines(diff))]),
  ];
  let room = LONGEST_COMMENT - parts.join('').length;
  let left = 0;
  for (const [name, group] of outputGroups(outputs)) {
    const part = outputDetails(name, group);
    room -= part.length;
    if (room > 0) parts.push(part);
    else left++;
  }
  if (left > 0) parts.push(`and ${countText(left, 'more output')}`);
  parts.push(`${code(before.run)} → ${code(after.run)}`);
  return `${parts.join('\n\n')}\n`;
}

function flipTable({ flips }: RunDiff): string {
  const rows = flips
    .slice(0, MAX_FLIPS)
    .map(({ row, column, from, to }) => [row, column, ...fromToText({ from, to })].map(code))
    .map(([row, column, from, to]) => `| ${row} | ${column} | ${from} | **${to}** |`);
  const left = flips.length - MAX_FLIPS;
  const more = left > 0 ? [`| and ${left} more | | | |`] : [];
  return ['| row | column | before | after |', '|---|---|---|---|', ...rows, ...more].join('\n');
}

function list(title: string, lines: readonly string[]): string {
  const left = lines.length - MAX_LINES;
  const items = lines.slice(0, MAX_LINES).map((line) => `- ${code(line)}`);
  return [`**${title}**`, '', ...items, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}

function outputDetails(name: string, group: readonly OutputDiff[]): string {
  const kinds = [...new Set(group.map(({ kind, change }) => `${kind} ${change}`))].join(', ');
  const detailed = group.filter(({ table }) => table !== null).slice(0, MAX_ACTIONS);
  const others = group.filter((output) => !detailed.includes(output)).map(({ action }) => action);
  const summary = `<code>${html(name)}</code> ${kinds} in ${countText(group.length, 'action')}`;
  if (detailed.length === 0) return `${summary}: ${others.length > 0 ? code(listText(others, ', ')) : ''}`;
  return [
    `<details><summary>${summary}</summary>`,
    ...detailed.map(({ action, table }) => (table ? tableText(action, table) : '')),
    ...(others.length > 0 ? [`and ${code(listText(others, ', '))}`] : []),
    '</details>',
  ].join('\n\n');
}

function tableText(action: string, table: TableDiff): string {
  const all = table.columns.reduce((sum, column) => sum + column.cells, 0);
  const first = table.cells.slice(0, MAX_CELLS);
  const rows = first.map((cell) => {
    const values = [rowText(cell, table), cell.column, ...fromToText(cell), changeText(cell)];
    return `| ${values.map((value) => (value === '' ? '' : code(value))).join(' | ')} |`;
  });
  const more =
    all > first.length ? [`${countText(all, 'cell')} in all: ${code(table.columns.map(columnText).join('; '))}`] : [];
  const cells = ['| row | column | before | after | change |', '|---|---|---|---|---|', ...rows].join('\n');
  return [`${code(action)}: ${code(rowsText(table))}`, ...(first.length > 0 ? [cells] : []), ...more].join('\n\n');
}

/** A code span, in which nothing becomes markup, a mention or a link. Cuts a long text. */
function code(plain: string): string {
  // A `|` ends a table cell even in code, unless it is escaped; a backslash of the text would undo the escape.
  const line = clipped(plain).replaceAll(/\s+/g, ' ').replaceAll('\\|', '\\ |').replaceAll('|', '\\|');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line === '' ? ' ' : line}${fence}`;
}

const NAMED: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes text for HTML within markdown, against tags and against markup. */
const html = (plain: string): string =>
  plain.replaceAll(/\s+/g, ' ').replaceAll(/[^\p{L}\p{N} ._-]/gu, (sign) => NAMED[sign] ?? `&#${sign.codePointAt(0)};`);

const LONGEST = 200;
const clipped = (plain: string): string => (plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain);
