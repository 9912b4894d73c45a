/** Whose spike the array shows: at a peak of the pipette's trace, or at a moment that the pipette does not have. */

import { poissonDifference } from '../statistics/poisson-difference.ts';
import { SEEN } from './candidates.ts';
import { type Counts, falseEventsIn, ownEvents } from './capture-recapture.ts';
import type { Candidate } from './sort-events.ts';

export type Whose = 'cell' | 'another' | 'unknown';

/** Score from which the array shows the cell's spike: in a burst its later spikes still have some six tenths of the first. */
const OWN = 0.6;

/** By the score, and by whether the shape is the cell's; a small spike of its shape may be anybody's. `another` includes noise. */
export function whoseIs({ score, own }: { readonly score: number; readonly own: boolean }): Whose {
  if (!own || score < SEEN) return 'another';
  return score >= OWN ? 'cell' : 'unknown';
}

/** Share of such events that must be the cell's, at the low end, for one of them to be called its own. */
const MOST = 0.5;

/**
 * Says whose each candidate is. One whose shape is not the cell's is another's. One that is like the cell is the cell's only if most of its kind are: of those
 * alone by what the refractory zone leaves to other cells, of the smaller ones by how many more follow a spike than precede one. Else nobody knows.
 */
export function candidateOwners(candidates: readonly Candidate[], counts: Counts): Whose[] {
  const { unmatched, outside, following, preceding } = counts;
  const alone = ownEvents(unmatched, falseEventsIn(outside, counts)).low > MOST * unmatched;
  const later = poissonDifference(following, preceding).low > MOST * following;
  return candidates.map(({ score, own, counted, inBurst }) => {
    const whose = whoseIs({ score, own });
    const sure = counted && (inBurst ? later : alone);
    return whose === 'cell' && !sure ? 'unknown' : whose;
  });
}
