/** Words for events that several reporters share: counts at the end of a run, failures, notices. */
import { relative } from 'node:path';
import { bytesText } from '../base/amounts.ts';
import { durationText } from '../base/time.ts';
import type {
  ActionFinished,
  FileChanged,
  JobsSubmitted,
  RemoteTrouble,
  RemoteUpload,
  RunFinished,
  StoreFreed,
} from '../history/event.ts';
import { actionFailureText } from './action-failure.ts';
import { countText, listText } from './list.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import type { ReporterStyle } from './reporter.ts';

export const storeFreedText = ({ results, bytes, maxSize }: StoreFreed): string =>
  `the store was larger than ${bytesText(maxSize)}: dropped ${countText(results, 'result')} (${bytesText(bytes)}) that no recent run used`;

/** Tells which actions had read a file before it was changed; an empty list if the file is the pipeline or code of a task. */
export const fileChangedText = ({ path, actions }: FileChanged): string =>
  printable(
    actions.length > 0
      ? `${path} was changed while the run went on, after ${listText(actions, ', ')} had read it; run again`
      : `${path} was changed while the run went on, which went by what it was before; run again`,
  );

export const remoteTroubleText = ({ url, message }: RemoteTrouble): string =>
  printable(`the remote cache ${url}: ${message}`);

export const remoteUploadText = ({ results, bytes, seconds }: RemoteUpload): string =>
  `sending ${countText(results, 'result')} to the remote cache (${bytesText(bytes)} and ${durationText(1000 * seconds)} at most)`;

/** `; 3 taken from the remote cache (1.2 MB)`; empty if nothing was exchanged. */
function remoteText(remote: RunFinished['remote']): string {
  const { taken = 0, stored = 0, bytesDown = 0, bytesUp = 0 } = remote ?? {};
  const parts = [
    ...(taken > 0 ? [`${taken} taken from the remote cache (${bytesText(bytesDown)})`] : []),
    ...(stored > 0 ? [`${stored} stored in the remote cache (${bytesText(bytesUp)})`] : []),
  ];
  return parts.map((part) => `; ${part}`).join('');
}

/** The actions that `--skip` leaves out: `2 actions not selected: detect@a, judge@a`. */
export const notSelectedLines = (actions: readonly string[]): readonly string[] =>
  actions.length === 0 ? [] : [`${countText(actions.length, 'action')} not selected: ${listText(actions, ', ')}`];

/** `submitted jobs 41 (12 tasks), 42 (1 task)`. */
export function jobsText({ type, jobs }: JobsSubmitted): string {
  const sizes = jobs.map(({ job, tasks }) => `${job} (${countText(tasks, 'task')})`);
  const named = `${jobs.length === 1 ? 'job' : 'jobs'} ${listText(sizes, ', ')}`;
  return type === 'jobs-submitted' ? `submitted ${named}` : `joined ${named} of another run`;
}

export type FailedAction = Extract<ActionFinished, { outcome: 'failed' }>;

/** `2 executed, 2 reused, 1 failed in 1 min; results in out`. */
function countsText(finished: RunFinished, paint: Paint): string {
  const { executed, reused, failed, blocked, cancelled, milliseconds, out, report, remote } = finished;
  const parts = [
    `${executed} executed`,
    `${reused} reused`,
    ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
    ...(blocked > 0 ? [paint.yellow(`${blocked} blocked`)] : []),
    ...(cancelled > 0 ? [`${cancelled} not started or stopped`] : []),
  ];
  const page = report === null ? '' : `, report in ${nearPath(report)}`;
  return `${parts.join(', ')} in ${durationText(milliseconds)}${remoteText(remote)}; results in ${nearPath(out)}${page}`;
}

/** Relative for a path below the working folder, else as it is. */
export function nearPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  if (fromHere === '') return '.';
  return fromHere.startsWith('..') ? path : fromHere;
}

/** A failure when it happens: the action, the last lines of its log, the reason. */
export function failureLines(
  { action, failure, log }: FailedAction,
  paint: Paint,
  maxLogLines = Number.POSITIVE_INFINITY,
): string[] {
  const logged = log.flatMap(({ level, message }) =>
    printable(`${level === 'warning' ? 'warning: ' : ''}${message}`).split('\n'),
  );
  const earlier = logged.length - maxLogLines;
  return [
    `${paint.red('failed')} ${paint.bold(action)}`,
    ...(earlier > 0
      ? [paint.dim(`  (${countText(earlier, 'line')} of its log before; all with --reporter plain)`)]
      : []),
    ...logged.slice(Math.max(0, earlier)).map((line) => paint.dim(`  ${line}`)),
    ...printable(actionFailureText(failure))
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

/** The actions of a run without a result, in the order in which they ended. */
export interface Unfinished {
  readonly failed: readonly FailedAction[];
  /** Actions that need a failed action. */
  readonly blocked: readonly string[];
}

/**
 * The end of a run: each failure again, with the command that reproduces it, then the actions that wait for them, and the
 * counts.
 */
export function finishedLines(
  event: RunFinished,
  { failed, blocked }: Unfinished,
  { paint, reproduce }: Pick<ReporterStyle, 'paint' | 'reproduce'>,
): string[] {
  return [
    ...failed.flatMap(({ action, failure }) => [
      `${paint.red('failed')} ${paint.bold(action)}: ${printable(actionFailureText(failure)).split('\n')[0]}`,
      paint.dim(`  reproduce with: ${reproduce(action)}`),
    ]),
    ...waitingLines(blocked, failed.length),
    ...(event.interrupted ? ['interrupted; the next run continues here'] : []),
    countsText(event, paint),
  ];
}

function waitingLines(blocked: readonly string[], failed: number): readonly string[] {
  if (blocked.length === 0) return [];
  const waits = blocked.length === 1 ? 'waits' : 'wait';
  const cause = failed === 1 ? 'it' : 'them';
  return [`${countText(blocked.length, 'action')} ${waits} for ${cause}: ${listText(blocked, ', ')}`];
}
