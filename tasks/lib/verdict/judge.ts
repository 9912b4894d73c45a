import type { Criterion } from './criterion.ts';

export interface Verdict {
  readonly verdict: 'accept' | 'borderline' | 'reject';
  readonly reason: string;
}

/** What an accepted recording's reason says; of the others it says how many there are. */
const HEADLINES = ['spike_count', 'edge_fraction', 'missed_fraction', 'array_missed'];

/** Of what rejects or raises a doubt, this many are said in full and the rest named: each has its sentence in `criteria`. */
const SAID = 2;

/** The verdict follows from the criteria and from nothing else; its reason holds those that decided it. */
export function judge(criteria: readonly Criterion[]): Verdict {
  const failed = criteria.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) return { verdict: 'reject', reason: deciding(failed) };
  const doubtful = criteria.filter(({ outcome }) => outcome === 'doubtful' || outcome === 'unknown');
  if (doubtful.length > 0) return { verdict: 'borderline', reason: deciding(doubtful) };
  const unasked = criteria.filter(({ outcome }) => outcome === 'unasked');
  const first = criteria.filter(({ criterion, outcome }) => outcome !== 'unasked' && HEADLINES.includes(criterion));
  const others = criteria.length - first.length - unasked.length;
  // One sentence says it for all that the array was not asked.
  const silent = unasked.slice(0, 1).map((criterion) => `; ${criterion.reason}`);
  return { verdict: 'accept', reason: `${sentences(first)}; nothing to object in ${others} other criteria${silent}` };
}

function deciding(criteria: readonly Criterion[]): string {
  const rest = criteria.slice(SAID).map(({ criterion }) => criterion);
  return sentences(criteria.slice(0, SAID)) + (rest.length > 0 ? `; as well ${rest.join(', ')}` : '');
}

const sentences = (criteria: readonly Criterion[]): string => criteria.map(({ reason }) => reason).join('; ');
