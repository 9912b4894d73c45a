/** One measure held against its limit, with a sentence that says so. */
export interface Criterion {
  readonly criterion: string;
  /** Null where it cannot be computed. */
  readonly value: number | null;
  /** 95 % interval, where there is one. */
  readonly low: number | null;
  readonly high: number | null;
  readonly limit: number;
  /** The strictest limit at which it would pass: what would change the outcome. Null where no limit would. */
  readonly passesAt: number | null;
  readonly outcome: Outcome;
  readonly reason: string;
}

/**
 * `doubtful`: over the limit, but not beyond doubt, or a fault that spoils no spike by itself. `unknown`: it cannot be
 * computed, though nothing speaks against the recording; what must be known and is not has failed. `unasked`: a second
 * witness that cannot be asked, which speaks neither for nor against.
 */
export type Outcome = 'passed' | 'doubtful' | 'unknown' | 'unasked' | 'failed';

const noInterval = { low: null, high: null };

/** A share over its limit is a doubt as long as chance may have put it there. */
export function shareOutcome({ value, low }: { readonly value: number; readonly low: number }, limit: number): Outcome {
  if (value <= limit) return 'passed';
  return low > limit ? 'failed' : 'doubtful';
}

/** What cannot be computed has no value; `outcome` says whether the verdict can do without. */
export function notComputed(
  criterion: string,
  limit: number,
  reason: string,
  outcome: 'unknown' | 'failed' = 'failed',
): Criterion {
  return { criterion, value: null, ...noInterval, limit, passesAt: null, outcome, reason };
}

/** A witness that cannot be asked. */
export const notAsked = (criterion: string, limit: number, reason: string): Criterion => ({
  criterion,
  value: null,
  ...noInterval,
  limit,
  passesAt: null,
  outcome: 'unasked',
  reason,
});

/** A measure without an interval: it passes at its own value. `over` is what it is where it does not. */
export function measured(
  criterion: string,
  value: number,
  limit: number,
  { passed, over, reason }: { readonly passed: boolean; readonly over: 'doubtful' | 'failed'; readonly reason: string },
): Criterion {
  return { criterion, value, ...noInterval, limit, passesAt: value, outcome: passed ? 'passed' : over, reason };
}
