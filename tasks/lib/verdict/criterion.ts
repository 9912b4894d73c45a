import type { CriterionName } from './criteria.ts';

/** A measure held against its limit, with the result in words. */
export interface Criterion {
  readonly criterion: CriterionName;
  /** Null if it cannot be computed. */
  readonly value: number | null;
  /** 95 % interval; null if there is no such end. */
  readonly low: number | null;
  readonly high: number | null;
  readonly limit: number;
  /** The strictest limit at which it would pass; null if no limit would change the outcome. */
  readonly passesAt: number | null;
  readonly outcome: Outcome;
  /** The finding in one clause, for the sentence of the verdict. */
  readonly brief: string;
  /** The finding with its interval and limit, for the table of criteria. */
  readonly reason: string;
}

/**
 * `doubtful`: over the limit, but not beyond doubt, or a fault that spoils no spike by itself. `unknown`: it cannot be
 * computed, though nothing speaks against the recording; a necessary measure that is missing has failed. `unasked`: a second
 * witness that cannot be asked, which speaks neither for nor against.
 */
export type Outcome = 'passed' | 'doubtful' | 'unknown' | 'unasked' | 'failed';

const noInterval = { low: null, high: null };

/** A share over its limit is a doubt as long as chance may have put it there. */
export function shareOutcome({ value, low }: { readonly value: number; readonly low: number }, limit: number): Outcome {
  if (value <= limit) return 'passed';
  return low > limit ? 'failed' : 'doubtful';
}

/** A criterion without a value; `outcome` says whether a verdict is possible without it. */
export function notComputed(
  criterion: CriterionName,
  limit: number,
  reason: string,
  outcome: 'unknown' | 'failed' = 'failed',
): Criterion {
  return { criterion, value: null, ...noInterval, limit, passesAt: null, outcome, brief: reason, reason };
}

/** A witness that cannot be asked. */
export const notAsked = (criterion: CriterionName, limit: number, reason: string): Criterion => ({
  criterion,
  value: null,
  ...noInterval,
  limit,
  passesAt: null,
  outcome: 'unasked',
  brief: reason,
  reason,
});

/** A measure without an interval, so that its own value is the strictest limit at which it passes. `over` is the outcome of a failure. */
export function measured(
  criterion: CriterionName,
  value: number,
  limit: number,
  {
    passed,
    over,
    ...words
  }: Pick<Criterion, 'brief' | 'reason'> & { readonly passed: boolean; readonly over: 'doubtful' | 'failed' },
): Criterion {
  return { criterion, value, ...noInterval, limit, passesAt: value, outcome: passed ? 'passed' : over, ...words };
}
