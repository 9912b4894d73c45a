import type { Criterion } from './criterion.ts';

export interface Verdict {
  readonly verdict: 'accept' | 'borderline' | 'reject';
  readonly reason: string;
}

/** What an accepted recording's reason says; of the others it says how many there are. */
const HEADLINES = ['spike_count', 'edge_fraction', 'missed_fraction'];

/** Of what rejects or raises a doubt, this many are said in full and the rest named: each has its sentence in `criteria`. */
const SAID = 2;

/** The verdict follows from the criteria and from nothing else; its reason holds those that decided it. */
export function judge(criteria: readonly Criterion[]): Verdict {
  const failed = criteria.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) return { verdict: 'reject', reason: deciding(failed) };
  const doubtful = criteria.filter(({ outcome }) => outcome !== 'passed');
  if (doubtful.length > 0) return { verdict: 'borderline', reason: deciding(doubtful) };
  const first = criteria.filter(({ criterion }) => HEADLINES.includes(criterion));
  const others = criteria.length - first.length;
  return { verdict: 'accept', reason: `${sentences(first)}; nothing to object in ${others} other criteria` };
}

function deciding(criteria: readonly Criterion[]): string {
  const rest = criteria.slice(SAID).map(({ criterion }) => criterion);
  return sentences(criteria.slice(0, SAID)) + (rest.length > 0 ? `; as well ${rest.join(', ')}` : '');
}

const sentences = (criteria: readonly Criterion[]): string => criteria.map(({ reason }) => reason).join('; ');
