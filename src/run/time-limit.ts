/** How long an action may take: the smaller of its step's `timeout` and `resources.time`. */
import type { TimedOut } from '../failure.ts';
import type { Step } from '../pipeline/pipeline.ts';

/** setTimeout takes more than this for nothing. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Limited = Pick<Step, 'timeout' | 'resources'>;

/** What is said of an action that took longer; null where nothing limits it. */
export function timeLimit({ timeout, resources: { time } }: Limited): TimedOut | null {
  if (timeout !== null && timeout <= (time ?? Infinity))
    return { reason: 'timed-out', seconds: timeout, of: 'timeout' };
  return time === null ? null : { reason: 'timed-out', seconds: time, of: 'time' };
}

/** Tells when the time is up, unless what it returns is called before. */
export function whenTimeIsUp(step: Limited, tell: (failure: TimedOut) => void): () => void {
  const limit = timeLimit(step);
  const timer = limit && setTimeout(() => tell(limit), Math.min(limit.seconds * 1000, LONGEST_TIMER_MS));
  return () => clearTimeout(timer ?? undefined);
}
