/** Phrases for differences, shared by the text and the markdown of a diff. */
import { partsOf } from '../base/action-name.ts';
import { timeText } from '../base/time.ts';
import { causeText } from '../report/cause.ts';
import { countText, listText } from '../report/list.ts';
import { clip, widthOf } from '../report/width.ts';
import type { Change, OutputDiff, RunDiff, RunName } from './runs.ts';
import type { CellDiff, ColumnDiff, Rows, TableDiff, Value } from './tables.ts';

const valueText = (value: Value): string => (value === '' ? '""' : String(value));

/** Maximum columns of a value. */
const MAX_WIDTH = 60;

/** Both values as text; long texts are cut to the part where they begin to differ. */
export function fromToText({ from, to }: Pick<CellDiff, 'from' | 'to'>): readonly [from: string, to: string] {
  const [before, after] = [valueText(from), valueText(to)];
  if (widthOf(before) <= MAX_WIDTH && widthOf(after) <= MAX_WIDTH) return [before, after];
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const start = Math.max(0, before.lastIndexOf(' ', same - 1) + 1);
  const part = (text: string) => clip(`${start > 0 ? '…' : ''}${text.slice(start)}`, MAX_WIDTH);
  return [part(before), part(after)];
}

/** Empty for tables of a single row, which needs no name. */
export const rowText = ({ row }: CellDiff, { rows, key }: TableDiff): string =>
  rows.from === 1 && rows.to === 1 && key.length === 0 ? '' : row;

/** `+0.2, +6.25 %`; empty if the values are not numbers. */
export function changeText({ absolute, relative }: Pick<CellDiff, 'absolute' | 'relative'>): string {
  if (absolute === null) return '';
  return relative === null ? signed(absolute) : `${signed(absolute)}, ${percent(relative, signed)}`;
}

/** `amplitude: 12 cells, at most 0.2 uV, 6.25 %`. */
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
  // `first` may be shorter than the count.
  const names = all > first.length ? `${first.slice(0, 3).join(', ')}, ...` : listText(first, ', ');
  return [`${all} ${verb} (${names})`];
}

/** Names the step of a parameter, and the reach of other causes. */
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

/** Groups changes by kind, in the order in which a reader looks for them. */
export function changeGroups(
  changes: readonly Change[],
): { readonly title: string; readonly lines: readonly string[] }[] {
  const group = (title: string, ...kinds: Change['cause']['cause'][]) => ({
    title,
    lines: changes.filter(({ cause }) => kinds.includes(cause.cause)).map(changeLine),
  });
  return [
    group('parameters', 'param-changed'),
    group('code', 'code-changed', 'command-changed', 'env-changed', 'outputs-changed', 'format-changed'),
    group('packages', 'packages-changed'),
    group('inputs', 'input-changed', 'extension-changed', 'order-changed'),
  ].filter(({ lines }) => lines.length > 0);
}

/** Actions without a result in both runs, grouped by their outcomes. */
export function actionLines({ actions, lost }: RunDiff): string[] {
  const groups = new Map<string, string[]>();
  for (const diff of actions) {
    const title = outcomesText(diff);
    groups.set(title, [...(groups.get(title) ?? []), diff.action]);
  }
  if (lost.length > 0) groups.set('not compared, because a result is no longer in the store', [...lost]);
  return [...groups].map(([title, names]) => `${title}: ${listText(names, ', ')}`);
}

function outcomesText({ before, after }: RunDiff['actions'][number]): string {
  if (before === null) return `only in the second run${withoutResultText(after)}`;
  if (after === null) return `only in the first run${withoutResultText(before)}`;
  return `${before} -> ${after}`;
}

const withoutResultText = (outcome: string | null): string =>
  outcome === 'executed' || outcome === 'reused' ? '' : `, ${outcome}`;

/** Groups outputs by step and port, in their order. */
export function outputGroups(outputs: readonly OutputDiff[]): Map<string, OutputDiff[]> {
  const groups = new Map<string, OutputDiff[]>();
  for (const output of outputs) {
    const { step } = partsOf(output.action);
    const name = `${step}.${output.port}`;
    groups.set(name, [...(groups.get(name) ?? []), output]);
  }
  return groups;
}

/** Says why two runs are equal, and which run to compare instead. */
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

/** Six digits are enough for the size of a change. */
const short = (n: number): string => String(Number(n.toPrecision(6)));
const signed = (n: number): string => `${n > 0 ? '+' : ''}${short(n)}`;
const percent = (part: number, text: (n: number) => string): string => `${text(Number((100 * part).toPrecision(3)))} %`;
