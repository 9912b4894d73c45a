/** Looks for stretches in which the array shows the cell without the pipette more than elsewhere. */
import { stretchesOf } from '../spikes/stretches.ts';
import { falseEventsIn, missedShare, ownEvents } from '../witness/capture-recapture.ts';
import type { ArrayTestimony } from './array-evidence.ts';
import { WINDOW_Z } from './worst-window.ts';

/** Samples [start, end), and the share that the pipette missed there by the array, with an interval of 99.7 %. */
export interface ArrayStretch {
  readonly start: number;
  readonly end: number;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Fewest spikes of a stretch, as of those that are judged by heights. */
const STRETCH_SPIKES = 10;

/** The stretch of `width` samples, of those that overlap by half, whose low end is the highest; undefined without any. */
export function worstOnArray(testimony: ArrayTestimony, length: number, width: number): ArrayStretch | undefined {
  const seen = [...testimony.matched, ...testimony.candidates].sort((a, b) => a - b);
  return stretchesOf(seen, length, width, STRETCH_SPIKES)
    .map(({ start, end }) => missedOnArray(testimony, { start, end }))
    .reduce<ArrayStretch | undefined>((worst, one) => (worst && worst.low >= one.low ? worst : one), undefined);
}

export function missedOnArray(
  { matched, candidates, counts }: ArrayTestimony,
  { start, end }: { readonly start: number; readonly end: number },
): ArrayStretch {
  const inside = (samples: readonly number[]) => samples.filter((at) => at >= start && at < end).length;
  const own = ownEvents(inside(candidates), falseEventsIn(end - start, counts), WINDOW_Z);
  const share = (events: number) => missedShare(events, inside(matched));
  return { start, end, estimate: share(own.estimate), low: share(own.low), high: share(own.high) };
}
