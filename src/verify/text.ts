/** A verification as text: each difference with its first position, then counts. */
import { basename } from 'node:path';
import { durationText } from '../base/time.ts';
import { actionFailureText } from '../report/action-failure.ts';
import { countText, listText } from '../report/list.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn } from '../report/printable.ts';
import type { ActionVerified, Difference, VerifyFinished, VerifyStarted } from './event.ts';
import type { FirstDifference } from './first-difference.ts';

/** The number of actions, the other side of the comparison, and the limits of the verification. */
export function verifyStartLines(started: VerifyStarted): string[] {
  const { pipeline, actions, sampled, seed, lock, jobs, network, shell } = printableIn(started);
  const all = countText(actions, 'action');
  const selection = seed === null ? all : `${sampled} of ${all} (seed ${seed})`;
  const unseen = [
    ...(shell > 0
      ? [`which files ${shell === 1 ? 'the shell step' : `the ${shell} shell steps`} may read and write`]
      : []),
    ...(network === 'denied' ? [] : ['use of the network (this system has no `unshare --net` for this user)']),
  ];
  return [
    `${pipeline}: executing ${selection} again, ${jobs} at a time; compared with ${lock === null ? 'the store' : basename(lock)}`,
    ...(unseen.length > 0 ? [`not covered: ${unseen.join('; ')}`] : []),
  ];
}

export function verifiedLines(found: ActionVerified, paint: Paint): string[] {
  const verified = printableIn(found);
  const { action, outcome } = verified;
  switch (outcome) {
    case 'same':
      return [];
    case 'skipped':
      return [`skipped ${paint.bold(action)}  it needs the network; the store's copy is as it was stored`];
    case 'differs':
      return verified.differences.map(
        (difference) => `${paint.red('differs')} ${paint.bold(action)}  ${differenceText(difference)}`,
      );
    case 'failed': {
      const [first = '', ...more] = actionFailureText(verified.failure).split('\n');
      const log = verified.log.map(({ message }) => paint.dim(`  ${message}`));
      return [`${paint.red('failed ')} ${paint.bold(action)}  ${first}`, ...more.map((line) => `  ${line}`), ...log];
    }
  }
}

function differenceText({ port, sibling, against, expected, found, stored, first }: Difference): string {
  if (port === null) return 'is not in the lock; bring it up to date: groundproof lock';
  const name = `${port}${sibling ?? ''}`;
  const outdated = stored ? ' (the store has this too: the lock is out of date, or was made where results differ)' : '';
  if (expected === null) return `${name}: not in the ${against}, but made now${outdated}`;
  if (found === null) return `${name}: in the ${against}, but not made now${outdated}`;
  const digests = `${expected.slice(0, 12)} in the ${against}, now ${found.slice(0, 12)}`;
  return `${name}: ${first ? firstText(first, against) : digests}${outdated}`;
}

function firstText(first: FirstDifference, against: Difference['against']): string {
  const prefix = (path: string) => (path === '' ? '' : `${path}, `);
  switch (first.kind) {
    case 'value':
      return `row ${first.row}, column ${first.column}: ${first.expected} in the ${against}, now ${first.found}`;
    case 'rows':
      return `${first.expected} rows in the ${against}, now ${first.found}`;
    case 'byte':
      return `${prefix(first.path)}differs from byte ${first.offset} on`;
    case 'executable': {
      const [before, now] = first.found ? ['not executable', 'executable'] : ['executable', 'not executable'];
      return `${prefix(first.path)}${before} in the ${against}, now ${now}`;
    }
    case 'only-expected':
      return `${first.path} in the ${against}, but not made now`;
    case 'only-found':
      return `${first.path} not in the ${against}, but made now`;
  }
}

export function verifyCountLines(finished: VerifyFinished, paint: Paint): string[] {
  const { same, differs, failed, skipped, gone, milliseconds, interrupted } = printableIn(finished);
  const redIfAny = (count: number, noun: string) => (count > 0 ? paint.red(`${count} ${noun}`) : `${count} ${noun}`);
  const counts = [`${same} same`, redIfAny(differs, 'differ'), redIfAny(failed, 'failed')];
  if (skipped > 0) counts.push(`${skipped} skipped`);
  return [
    ...(gone.length > 0
      ? [`${paint.red('gone   ')} ${listText(gone, ', ')}: in the lock, but not in the pipeline; groundproof lock`]
      : []),
    ...(interrupted ? ['interrupted'] : []),
    `${counts.join(', ')} in ${durationText(milliseconds)}`,
  ];
}
