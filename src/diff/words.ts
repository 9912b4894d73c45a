/** The words that a difference is told in, as text and as markdown. */
import { partsOf } from '../base/action-name.ts';

import { timeText } from '../base/time.ts';
import { causeText } from '../report/cause.ts';
import { countText, listText } from '../report/list.ts';
import { clip, widthOf } from '../report/width.ts';
import type { Change, OutputDiff, RunDiff, RunName } from './runs.ts';
import type { CellDiff, ColumnDiff, Rows, TableDiff, Value } from './tables.ts';

const valueText = (value: Value): string => (value === '' ? '""' : String(value));

/** How much of a text is shown beside another one. */
const LONGEST = 60;

/** `accept -> reject`; of long texts the part where they begin to differ. */
export function fromToText({ from, to }: Pick<CellDiff, 'from' | 'to'>): readonly [from: string, to: string] {
  const [was, is] = [valueText(from), valueText(to)];
  if (widthOf(was) <= LONGEST && widthOf(is) <= LONGEST) return [was, is];
  let same = 0;
  while (same < was.length && was[same] === is[same]) same++;
  const start = Math.max(0, was.lastIndexOf(' ', same - 1) + 1);
  const part = (text: string) => clip(`${start > 0 ? '…' : ''}${text.slice(start)}`, LONGEST);
  return [part(was), part(is)];
}

/** An only row needs no name. */
export const rowText = ({ row }: CellDiff, { rows, key }: TableDiff): string =>
  rows.from === 1 && rows.to === 1 && key.length === 0 ? '' : row;

/** `+0.2, +6.25 %`; empty where there are no numbers. */
export function changeText({ absolute, relative }: Pick<CellDiff, 'absolute' | 'relative'>): string {
  if (absolute === null) return '';
  return relative === null ? signed(absolute) : `${signed(absolute)}, ${percent(relative, signed)}`;
}

/** What differs in one column: `amplitude: 12 cells, at most 0.2 uV, 6.25 %`. */
export function columnText({ column, unit, cells, absolute, relative }: ColumnDiff): string {
  const most = absolute === null ? '' : `, at most ${short(absolute)}${unit === null ? '' : ` ${unit}`}`;
  return `${column}: ${countText(cells, 'cell')}${most}${relative === null ? '' : `, ${percent(relative, short)}`}`;
}

/** `4748 rows by sample_index, 2 added, 1 removed`. */
export function rowsText({ rows, key, added, removed, columnsAdded, columnsRemoved }: TableDiff): string {
  const by = key.length > 0 ? ` by ${key.join(' and ')}` : '';
  const size = rows.from === rows.to ? countText(rows.to, 'row') : `${rows.from} -> ${countText(rows.to, 'row')}`;
  return [
    `${size}${by}`,
    ...rowListText('added', added),
    ...rowListText('removed', removed),
    ...(columnsAdded.length > 0 ? [`new columns: ${columnsAdded.join(', ')}`] : []),
    ...(columnsRemoved.length > 0 ? [`columns gone: ${columnsRemoved.join(', ')}`] : []),
  ].join('; ');
}

function rowListText(verb: string, { count: all, first }: Rows): string[] {
  if (all === 0) return [];
  const named = listText(first, ', ');
  // The list knows only the first few.
  return [`${all} ${verb} (${all > first.length ? `${first.slice(0, 3).join(', ')}, ...` : named})`];
}

/** A parameter by its step; the rest as `explain` says it. */
function changeLine({ cause, steps, actions }: Change): string {
  const reach = `${steps.join(', ')}; ${countText(actions, 'action')}`;
  switch (cause.cause) {
    case 'param-changed':
      return `${steps[0]}.${causeText(cause).replace(/^params\./, '')}`;
    case 'code-changed':
      return cause.files.length > 0 ? `${cause.files.join(', ')} (${reach})` : `the code of ${steps.join(', ')}`;
    case 'packages-changed':
      return `${cause.packages.join(' ')} (${reach})`;
    case 'input-changed': {
      const { source, from, to } = cause;
      if (from === null || to === null) return `${source} ${from === null ? 'is new' : 'is gone'} (${reach})`;
      return `${source}  ${from.slice(0, 8)} -> ${to.slice(0, 8)} (${reach})`;
    }
    case 'env-changed':
      return `the environment of ${steps.join(', ')}: ${cause.name}`;
    case 'command-changed':
      return `the command of ${steps.join(', ')}`;
    case 'outputs-changed':
      return `the declared output ${steps.join(', ')}.${cause.port}`;
    default:
      return `${causeText(cause)} (${reach})`;
  }
}

/** Changes by what kind of thing was changed, in the order in which one looks for it. */
export function changeGroups(
  changes: readonly Change[],
): { readonly title: string; readonly lines: readonly string[] }[] {
  const titled = (title: string, ...kinds: Change['cause']['cause'][]) => ({
    title,
    lines: changes.filter(({ cause }) => kinds.includes(cause.cause)).map(changeLine),
  });
  return [
    titled('parameters', 'param-changed'),
    titled('code', 'code-changed', 'command-changed', 'env-changed', 'outputs-changed', 'format-changed'),
    titled('packages', 'packages-changed'),
    titled('inputs', 'input-changed', 'extension-changed', 'order-changed'),
  ].filter(({ lines }) => lines.length > 0);
}

/** Actions that do not have a result in both runs, by what became of them. */
export function actionLines({ actions, lost }: RunDiff): string[] {
  const groups = new Map<string, string[]>();
  for (const { action, before, after } of actions) {
    const title =
      before === null
        ? `only in the second run${after === 'executed' || after === 'reused' ? '' : `, ${after}`}`
        : after === null
          ? `only in the first run${before === 'executed' || before === 'reused' ? '' : `, ${before}`}`
          : `${before} -> ${after}`;
    groups.set(title, [...(groups.get(title) ?? []), action]);
  }
  if (lost.length > 0) groups.set('not compared, because a result is no longer in the store', [...lost]);
  return [...groups].map(([title, names]) => `${title}: ${listText(names, ', ')}`);
}

/** Outputs by step and port, in their order. */
export function outputGroups(outputs: readonly OutputDiff[]): Map<string, OutputDiff[]> {
  const groups = new Map<string, OutputDiff[]>();
  for (const output of outputs) {
    const { step } = partsOf(output.action);
    const name = `${step}.${output.port}`;
    groups.set(name, [...(groups.get(name) ?? []), output]);
  }
  return groups;
}

/** Where nothing differs: why, and what could be compared instead. */
export function sameText({ before, after }: RunDiff): string {
  if (before.run === after.run) return `both are run ${before.run}`;
  if (before.record !== after.record) return `run ${before.run} and run ${after.run} have the same results`;
  const other = after.previous === null ? '' : `; the run before is ${after.previous}`;
  return `nothing changed: run ${after.run} found everything as run ${before.run} left it${other}`;
}

export const isSame = ({ changes, actions, outputs, lost }: RunDiff): boolean =>
  changes.length + actions.length + outputs.length + lost.length === 0;

/** `20261122T133512941Z-cd6635 (2026-11-22 13:35:12 UTC)`. */
export const runText = ({ run, began }: RunName): string => `${run} (${timeText(began)})`;

/** Six digits say how large a change is. */
const short = (n: number): string => String(Number(n.toPrecision(6)));
const signed = (n: number): string => `${n > 0 ? '+' : ''}${short(n)}`;
const percent = (part: number, text: (n: number) => string): string => `${text(Number((100 * part).toPrecision(3)))} %`;
