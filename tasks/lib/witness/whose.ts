/** Says whose spike the array shows at a peak of the pipette's trace, or at a moment without a peak. */

import { poissonDifference } from '../statistics/poisson-difference.ts';
import { SEEN_SCORE } from './candidates.ts';
import { type Counts, falseEventsIn, ownEvents } from './capture-recapture.ts';
import type { Candidate } from './sort-events.ts';

export type Whose = 'cell' | 'another' | 'unknown';

/** Score from which a spike is the cell's: the later spikes of a burst still have some six tenths of the first. */
const OWN_SCORE = 0.6;

/** Judges by score and shape; a small spike of the cell's shape may be any cell's. `another` includes noise. */
export function whoseIs({ score, own }: { readonly score: number; readonly own: boolean }): Whose {
  if (!own || score < SEEN_SCORE) return 'another';
  return score >= OWN_SCORE ? 'cell' : 'unknown';
}

/** Least share of a kind of events that must be the cell's, by its low end, before each of them counts as the cell's. */
const LEAST_OWN_SHARE = 0.5;

/**
 * Says whose each candidate is. A candidate without the cell's shape is another's. A candidate like the cell is the cell's only if most of its
 * kind are: events alone by the refractory zone, which shows other cells' rate; smaller events if more follow a spike than precede it. All
 * others are unknown.
 */
export function candidateOwners(candidates: readonly Candidate[], counts: Counts): Whose[] {
  const { unmatched, outside, following, preceding } = counts;
  const alone = ownEvents(unmatched, falseEventsIn(outside, counts)).low > LEAST_OWN_SHARE * unmatched;
  const later = poissonDifference(following, preceding).low > LEAST_OWN_SHARE * following;
  return candidates.map(({ score, own, counted, inBurst }) => {
    const whose = whoseIs({ score, own });
    const sure = counted && (inBurst ? later : alone);
    return whose === 'cell' && !sure ? 'unknown' : whose;
  });
}
