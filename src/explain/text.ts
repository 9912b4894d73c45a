/** An explanation as text: a line for each cause, and below a changed input, indented, the causes of its change. */
import { unreachable } from '../base/result.ts';
import { durationText, timeText } from '../base/time.ts';
import type { Cause } from '../history/cause.ts';
import { actionFailureText } from '../report/action-failure.ts';
import { causeText } from '../report/cause.ts';
import { listText } from '../report/list.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn } from '../report/printable.ts';
import type { Explained } from './ask.ts';
import type { Explanation, Origin, Provenance, Reason } from './explain.ts';

/** Maximum causes shown of an action: a gathered input may have changed in a thousand recordings. */
const MAX_CAUSES = 20;

export function explainLines(explained: Explained, paint: Paint): string[] {
  const { action, explanation, notIn } = printableIn(explained);
  if (!explanation) {
    return [`${paint.bold(action)} has never run; groundproof plan ${action} says what a run would do`];
  }
  const note = notIn === null ? [] : [`${paint.bold(action)} was no part of the last run, ${notIn}`];
  return [
    ...note,
    ...headLines(explanation, paint),
    ...reasonLines(explanation.reasons, explanation.outcome === 'reused' ? 2 : 1, paint),
  ];
}

function headLines({ action, run, began, outcome, since, reasons, failure, by, made }: Explanation, paint: Paint) {
  const sentence = (predicate: string) => `${paint.bold(action)} ${predicate} in run ${run} (${timeText(began)})`;
  switch (outcome) {
    case 'executed':
      return [`${sentence('was executed')}, because`];
    case 'failed': {
      const [first = '', ...rest] = failure ? actionFailureText(failure).split('\n') : [];
      const why = reasons.length > 0 ? ['it was to be executed because'] : [];
      return [`${sentence('failed')}: ${first}`, ...rest.map((line) => `  ${line}`), ...why];
    }
    case 'blocked':
      return [`${sentence('did not run')}: it waits for ${listText(by, ', ')}, which failed`];
    case 'cancelled':
      return [`${sentence('did not run')}, or not to its end: the run was interrupted or stopped at a failure`];
    case 'reused':
      return [sentence('was reused'), ...reusedLines(since, reasons, made)];
    default:
      return unreachable(outcome);
  }
}

function reusedLines(since: Explanation['since'], reasons: readonly Reason[], made: Provenance | null): string[] {
  const from = made ? [`  its result was ${madeText(made)}, in ${durationText(made.milliseconds)}`] : [];
  if (!since) return ['  no earlier run of it is recorded, but the store had a result of the same key', ...from];
  const before = `run ${since.run} (${timeText(since.began)})`;
  if (reasons.length === 0) return [`  nothing changed since ${before}`, ...from];
  return ['  the store had an earlier result of the same key', ...from, `  what differs from ${before}:`];
}

function reasonLines(reasons: readonly Reason[], depth: number, paint: Paint): string[] {
  const indent = '  '.repeat(depth);
  const lines = reasons.slice(0, MAX_CAUSES).flatMap(({ cause, alike, origin }) => {
    const more = alike.length > 0 ? ` and ${alike.length} more, for the same reasons` : '';
    const line = `${indent}${causeText(cause)}${digestsText(cause, origin)}${more}`;
    if (!origin) return [line];
    return [`${line}${paint.dim(originText(origin))}`, ...reasonLines(origin.reasons, depth + 1, paint)];
  });
  const left = reasons.length - MAX_CAUSES;
  return left > 0 ? [...lines, `${indent}and ${left} more (all with --format json)`] : lines;
}

/** The digests of a changed user's file: nothing else is known of its content. */
function digestsText(cause: Cause, origin: Origin | null): string {
  if (cause.cause !== 'input-changed' || origin) return '';
  const { from, to } = cause;
  return from === null || to === null ? '' : ` (digest ${from.slice(0, 8)} -> ${to.slice(0, 8)})`;
}

function originText({ outcome, before, reasons, as, failure, by, made, action }: Origin): string {
  if (as !== null) return as === action ? ' (as above)' : ` (as ${as} above)`;
  const notes: string[] = [];
  if (outcome === 'failed') notes.push(`failed: ${failure ? actionFailureText(failure).split('\n')[0] : ''}`);
  else if (outcome === 'blocked') notes.push(`did not run: blocked by ${listText(by, ', ')}`);
  else if (outcome === 'cancelled') notes.push('did not run to its end');
  else if (before === 'failed' || before === 'blocked' || before === 'cancelled') notes.push('had no result before');
  else if (reasons.length === 0 && before === null) notes.push('was no part of that run');
  else if (reasons.length === 0) notes.push('made again from the same, with another result');
  if (made && reasons.length > 0) notes.push(`reused, ${madeText(made)}`);
  return notes.length > 0 ? ` (${notes.join('; ')})` : '';
}

const madeText = ({ action, started }: Provenance): string => `made ${timeText(started)} by ${action}`;
