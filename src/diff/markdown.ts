/** Two runs side by side, as a comment on a pull request: what flipped and what was changed in sight, the rest folded. */

import { countText, listText } from '../report/list.ts';
import { printableIn, printableLine } from '../report/printable.ts';
import type { OutputDiff, RunDiff } from './runs.ts';
import type { TableDiff } from './tables.ts';
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
} from './words.ts';

/** A comment holds 65,536 characters; outputs that have no room are counted. */
const LONGEST_COMMENT = 60_000;
const MOST_FLIPS = 50;
const MOST_LINES = 20;
const MOST_ACTIONS = 3;
const MOST_CELLS = 5;

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
    .slice(0, MOST_FLIPS)
    .map(({ row, column, from, to }) => [row, column, ...fromToText({ from, to })].map(code))
    .map(([row, column, from, to]) => `| ${row} | ${column} | ${from} | **${to}** |`);
  const left = flips.length - MOST_FLIPS;
  const more = left > 0 ? [`| and ${left} more | | | |`] : [];
  return ['| row | column | before | after |', '|---|---|---|---|', ...rows, ...more].join('\n');
}

function list(title: string, lines: readonly string[]): string {
  const left = lines.length - MOST_LINES;
  const items = lines.slice(0, MOST_LINES).map((line) => `- ${code(line)}`);
  return [`**${title}**`, '', ...items, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}

function outputDetails(name: string, group: readonly OutputDiff[]): string {
  const kinds = [...new Set(group.map(({ kind, change }) => `${kind} ${change}`))].join(', ');
  const shown = group.filter(({ table }) => table !== null).slice(0, MOST_ACTIONS);
  const others = group.filter((one) => !shown.includes(one)).map(({ action }) => action);
  const summary = `<code>${html(name)}</code> ${kinds} in ${countText(group.length, 'action')}`;
  if (shown.length === 0) return `${summary}: ${others.length > 0 ? code(listText(others, ', ')) : ''}`;
  return [
    `<details><summary>${summary}</summary>`,
    ...shown.map(({ action, table }) => (table ? tableText(action, table) : '')),
    ...(others.length > 0 ? [`and ${code(listText(others, ', '))}`] : []),
    '</details>',
  ].join('\n\n');
}

function tableText(action: string, table: TableDiff): string {
  const all = table.columns.reduce((sum, column) => sum + column.cells, 0);
  const shown = table.cells.slice(0, MOST_CELLS);
  const rows = shown.map((one) => {
    const values = [rowText(one, table), one.column, ...fromToText(one), changeText(one)];
    return `| ${values.map((value) => (value === '' ? '' : code(value))).join(' | ')} |`;
  });
  const more =
    all > shown.length ? [`${countText(all, 'cell')} in all: ${code(table.columns.map(columnText).join('; '))}`] : [];
  const cells = ['| row | column | before | after | change |', '|---|---|---|---|---|', ...rows].join('\n');
  return [`${code(action)}: ${code(rowsText(table))}`, ...(shown.length > 0 ? [cells] : []), ...more].join('\n\n');
}

/** A code span: nothing in it becomes markup, a mention or a link; a long text is cut. */
function code(plain: string): string {
  // A table ends a cell at `|`, in code too, unless a backslash stands before it; one before that would undo it.
  const line = clipped(plain).replaceAll(/\s+/g, ' ').replaceAll('\\|', '\\ |').replaceAll('|', '\\|');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line === '' ? ' ' : line}${fence}`;
}

const NAMED: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** In HTML that stands in markdown: neither tags nor markup. */
const html = (plain: string): string =>
  plain.replaceAll(/\s+/g, ' ').replaceAll(/[^\p{L}\p{N} ._-]/gu, (sign) => NAMED[sign] ?? `&#${sign.codePointAt(0)};`);

const LONGEST = 200;
const clipped = (plain: string): string => (plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain);
