/** One measure held against its limit, with a sentence that says so. */
export interface Criterion {
  readonly criterion: string;
  /** Null where it cannot be computed. */
  readonly value: number | null;
  /** 95 % interval, where there is one. */
  readonly low: number | null;
  readonly high: number | null;
  readonly limit: number;
  readonly outcome: Outcome;
  readonly reason: string;
}

/** `straddles`: the limit lies inside the interval. What cannot be computed has failed. */
export type Outcome = 'passed' | 'straddles' | 'failed';

/** A value without an interval; null and NaN fail. */
export function outcomeOf(value: number | null, side: 'at least' | 'at most', limit: number): Outcome {
  if (value === null) return 'failed';
  return (side === 'at least' ? value >= limit : value <= limit) ? 'passed' : 'failed';
}

/** An interval that should lie at or below the limit; NaN fails. */
export function intervalOutcome(low: number, high: number, limit: number): Outcome {
  if (!(low <= limit) || Number.isNaN(high)) return 'failed';
  return high <= limit ? 'passed' : 'straddles';
}
