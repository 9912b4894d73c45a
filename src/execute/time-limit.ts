/** How long an action may take: the smaller of its step's `timeout` and `resources.time`. */
import type { TimedOut } from '../base/failure.ts';
import type { Step } from '../pipeline/pipeline.ts';

/** More than this, some 24.8 days, setTimeout takes for nothing. */
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
