/** Says whose the peaks below the threshold are: by their heights and times, or by the array if it sees the cell. */

import { type Tail, type TailSample, tailBelowThreshold } from '../detection/tail-below-threshold.ts';
import type { Window } from '../spikes/windows.ts';
import type { Share } from '../statistics/share.ts';
import type { Whose } from '../witness/whose.ts';
import { WINDOW_Z, type WindowEvidence } from './worst-window.ts';

/** The peaks below the threshold that may be the cell's, counted. */
export interface BelowThreshold {
  readonly tail: Tail;
  /** The array's owners of all peaks on the side of the spikes; null if it is not asked: the tail holds all peaks then. */
  readonly asked: { readonly [whose in Whose]: number } | null;
  /** True if the array sees the cell so well that the peaks it leaves to the cell are the cell's: a fainter array only clears the others. */
  readonly sure: boolean;
  /** True if peaks that are not the cell's may be counted: heights of two sizes, or more peaks given to others by the array than left to the cell. */
  readonly mixed: boolean;
}

/** Whose the peaks are by the array, by their samples. */
export interface ArraysOwners {
  readonly whose: ReadonlyMap<number, Whose>;
  readonly sure: boolean;
  /** The share of the cell's own spikes that the array would leave to the cell; null if it is not known well. */
  readonly kept: Share | null;
}

/** Number of others' peaks, beyond those of noise, that do not matter. */
const FEW = 10;

/**
 * Counts the tail. Peaks that the array gives to another cell, or to noise, are left out on both sides of the baseline, so that the
 * mirrored peaks stand for the noise among the rest. The array also drops some of the cell's own peaks, in the same share as of its
 * spikes: the count corrects for that.
 */
export function belowThreshold(sample: TailSample, owners: ArraysOwners | null): BelowThreshold | null {
  if (owners === null) {
    const tail = tailBelowThreshold(sample);
    return tail && { tail, asked: null, sure: false, mixed: tail.mixed };
  }
  const { at, amplitude, mirrored } = sample.below;
  const says = Array.from(at, (peak) => owners.whose.get(peak) ?? 'unknown');
  const kept = [...says.keys()].filter((row) => says[row] !== 'another');
  const tail = tailBelowThreshold({
    ...sample,
    ...(owners.kept && { kept: owners.kept }),
    below: {
      at: kept.map((row) => at[row] as number),
      amplitude: Float32Array.from(kept, (row) => amplitude[row] as number),
      mirrored: kept.map((row) => mirrored[row] === true),
    },
  });
  const count = (one: Whose): number => says.filter((said, row) => said === one && !mirrored[row]).length;
  const asked = { cell: count('cell'), another: count('another'), unknown: count('unknown') };
  const others = asked.another - says.filter((said, row) => said === 'another' && mirrored[row]).length;
  return (
    tail && { tail, asked, sure: owners.sure, mixed: tail.mixed || others > Math.max(FEW, tail.found - tail.mirrored) }
  );
}

/** Says whether the peaks counted in a window are the cell's own. */
export function countedAs(below: BelowThreshold | null): WindowEvidence['counted'] {
  if (below === null) return 'no';
  return isOwn(below) ? 'own' : 'unknown';
}

export const isOwn = ({ tail, sure }: BelowThreshold): boolean => sure || tail.continues || tail.follows;

/** The missing share if the spikes in the noise are estimated in each window by itself. */
export function missedInEach({ tail }: BelowThreshold, windows: readonly Window[]): number {
  const missed = windows.reduce((sum, at) => {
    const { estimate } = tail.within(at, WINDOW_Z).missed;
    return sum + ((at.last - at.first) * estimate) / Math.max(1 - estimate, 1e-9);
  }, 0);
  const spikes = windows.reduce((sum, { first, last }) => sum + last - first, 0);
  return missed === 0 ? 0 : missed / (spikes + missed);
}
