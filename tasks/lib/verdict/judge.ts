import type { Criterion } from './criterion.ts';

export interface Verdict {
  readonly verdict: 'accept' | 'borderline' | 'reject';
  readonly reason: string;
}

/** The verdict follows from the criteria and from nothing else; its reason holds those that decided it. */
export function judge(criteria: readonly Criterion[]): Verdict {
  const failed = criteria.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) return { verdict: 'reject', reason: reasons(failed) };
  const straddling = criteria.filter(({ outcome }) => outcome === 'straddles');
  if (straddling.length > 0) return { verdict: 'borderline', reason: reasons(straddling) };
  return { verdict: 'accept', reason: reasons(criteria) };
}

const reasons = (criteria: readonly Criterion[]): string => criteria.map(({ reason }) => reason).join('; ');
