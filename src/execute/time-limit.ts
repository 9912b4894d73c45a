/** How long an action may take: the smaller of its step's `timeout` and `resources.time`. */
import type { TimedOut } from '../base/failure.ts';
import type { Step } from '../pipeline/pipeline.ts';

/** Some 24.8 days; setTimeout fires at once for longer delays. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Limited = Pick<Step, 'timeout' | 'resources'>;

/** The failure of an action that took longer, in seconds; null if there is no limit. */
export function timeLimit({ timeout, resources: { time } }: Limited): TimedOut | null {
  if (timeout !== null && timeout <= (time ?? Infinity))
    return { reason: 'timed-out', seconds: timeout, of: 'timeout' };
  return time === null ? null : { reason: 'timed-out', seconds: time, of: 'time' };
}

/** Calls `tell` when the time is up. Returns a function that stops the timer. */
export function whenTimeIsUp(step: Limited, tell: (failure: TimedOut) => void): () => void {
  const limit = timeLimit(step);
  if (!limit) return () => {};
  const until = performance.now() + limit.seconds * 1000;
  let timer: NodeJS.Timeout;
  const arm = () => {
    const left = until - performance.now();
    timer = left > LONGEST_TIMER_MS ? setTimeout(arm, LONGEST_TIMER_MS) : setTimeout(() => tell(limit), left);
  };
  arm();
  return () => clearTimeout(timer);
}
