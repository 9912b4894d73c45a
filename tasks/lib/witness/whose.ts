/** Whose spike the array shows at a peak of the pipette's trace. */
import { SEEN } from './candidates.ts';

export type Whose = 'cell' | 'another' | 'unknown';

/** Score from which the array shows the cell's spike: in a burst its later spikes still have some six tenths of the first. */
const OWN = 0.6;

/** By the score, and by whether the shape is the cell's; a small spike of its shape may be anybody's. `another` includes noise. */
export function whoseIs({ score, own }: { readonly score: number; readonly own: boolean }): Whose {
  if (!own || score < SEEN) return 'another';
  return score >= OWN ? 'cell' : 'unknown';
}
