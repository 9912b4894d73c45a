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
 * computed, though nothing speaks against the recording; what must be known and is not has failed.
 */
export type Outcome = 'passed' | 'doubtful' | 'unknown' | 'failed';

export const noInterval = { low: null, high: null };

/** What cannot be computed has no value; `outcome` says whether the verdict can do without. */
export function notComputed(
  criterion: string,
  limit: number,
  reason: string,
  outcome: 'unknown' | 'failed' = 'failed',
): Criterion {
  return { criterion, value: null, ...noInterval, limit, passesAt: null, outcome, reason };
}

/** Whether a value is within its limit; NaN never is. */
export const within = (value: number, side: Side, limit: number): boolean =>
  side === 'at least' ? value >= limit : value <= limit;

export type Side = 'at least' | 'at most';
