/** The end of a run in words: counts, the headline, every failure with the command that reproduces it. */
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
import { actionFailureText } from './failure.ts';
import { listText, many } from './list.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

/** What the store dropped by itself. */
export const storeFreedText = ({ results, bytes, maxSize }: StoreFreed): string =>
  `the store was larger than ${bytesText(maxSize)}: dropped ${many(results, 'result')} (${bytesText(bytes)}) that no recent run used`;

/** A file that was changed too late for this run. */
export const fileChangedText = ({ path, actions }: FileChanged): string =>
  printable(
    actions.length > 0
      ? `${path} was changed while the run went on, after ${listText(actions, ', ')} had read it; run again`
      : `${path} was changed while the run went on, which went by what it was before; run again`,
  );

export const remoteTroubleText = ({ url, message }: RemoteTrouble): string =>
  printable(`the remote cache ${url}: ${message}`);

export const remoteUploadText = ({ results, bytes, seconds }: RemoteUpload): string =>
  `sending ${many(results, 'result')} to the remote cache (${bytesText(bytes)} and ${durationText(1000 * seconds)} at most)`;

/** What was exchanged with a remote cache; nothing is said of nothing. */
function remoteText(remote: RunFinished['remote']): string {
  const { taken = 0, stored = 0, bytesDown = 0, bytesUp = 0 } = remote ?? {};
  const parts = [
    ...(taken > 0 ? [`${taken} taken from the remote cache (${bytesText(bytesDown)})`] : []),
    ...(stored > 0 ? [`${stored} stored in the remote cache (${bytesText(bytesUp)})`] : []),
  ];
  return parts.map((part) => `; ${part}`).join('');
}

/** `submitted jobs 41 (12 tasks), 42 (1 task)`. */
export function jobsText({ type, jobs }: JobsSubmitted): string {
  const each = jobs.map(({ job, tasks }) => `${job} (${many(tasks, 'task')})`);
  const what = jobs.length === 1 ? 'job' : 'jobs';
  return type === 'jobs-submitted'
    ? `submitted ${what} ${listText(each, ', ')}`
    : `joined ${what} ${listText(each, ', ')} of another run`;
}

export type Failed = Extract<ActionFinished, { outcome: 'failed' }>;

/** Counts, duration, and where the results are. */
export function countsText(finished: RunFinished, paint: Paint): string {
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

/** As a person here would type it: relative where that is no detour. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' ? '.' : near.startsWith('..') ? path : near;
}

/** A failure where it happened: the action, its log (of a long one only the last lines), the reason. */
export function failureLines(
  { action, failure, log }: Failed,
  paint: Paint,
  mostLog = Number.POSITIVE_INFINITY,
): string[] {
  const logged = log.flatMap(({ level, message }) =>
    printable(`${level === 'warning' ? 'warning: ' : ''}${message}`).split('\n'),
  );
  const earlier = logged.length - mostLog;
  return [
    `${paint.red('failed')} ${paint.bold(action)}`,
    ...(earlier > 0 ? [paint.dim(`  (${many(earlier, 'line')} of its log before; all with --reporter plain)`)] : []),
    ...logged.slice(Math.max(0, earlier)).map((line) => paint.dim(`  ${line}`)),
    ...printable(actionFailureText(failure))
      .split('\n')
      .map((line) => `  ${line}`),
  ];
}

/** All failures again at the end, shortly, each with the command that reproduces it. */
export function failureList(failures: readonly Failed[], command: (action: string) => string, paint: Paint): string[] {
  return failures.flatMap(({ action, failure }) => [
    `${paint.red('failed')} ${paint.bold(action)}: ${printable(actionFailureText(failure)).split('\n')[0]}`,
    paint.dim(`  reproduce with: ${command(action)}`),
  ]);
}
