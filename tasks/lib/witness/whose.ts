/** Whose spike the array shows at a peak of the pipette's trace. */
import { SEEN } from './candidates.ts';

export type Whose = 'cell' | 'another' | 'unknown';

/** Score from which the array shows the cell's spike: in a burst its later spikes still have some six tenths of the first. */
const OWN = 0.6;

/** By the score; between the cell's and nothing nobody knows. `another` includes noise. */
export function whoseIs(score: number): Whose {
  if (score >= OWN) return 'cell';
  return score < SEEN ? 'another' : 'unknown';
}
