/** Asks the array about the stretches in which the pipette has no spikes. */
import type { Gap } from '../spikes/gaps.ts';
import { type Estimate, poissonMean } from '../statistics/poisson-difference.ts';
import { falseEventsIn, ownEvents } from '../witness/capture-recapture.ts';
import type { ArrayCall } from './array-call.ts';
import type { ArrayTestimony } from './array-evidence.ts';
import type { ArraysWord } from './presence.ts';

/** A cell that fires at less than this share of its usual rate is silent; at more, it was lost. */
const FIRING = 0.25;

/**
 * Tells whether the cell fires on the array inside silences of the pipette: compares the events like the cell there, less those of other
 * cells, with the cell's usual rate. Other cells fire no more in the silences than elsewhere: all events elsewhere bound their number, and
 * so can convict; their rate in the refractory zone is known less well, and may only acquit. With too short a time, or too many other
 * cells, the answer is unknown; then an array that confirms the whole recording confirms its silences as well.
 */
export function wordOnSilences(
  silences: readonly Gap[],
  { matched, candidates, counts }: ArrayTestimony,
  { length, call }: { readonly length: number; readonly call: ArrayCall },
): ArraysWord {
  const time = silences.reduce((sum, { start, end }) => sum + end - start, 0);
  const events = candidates.filter((at) => silences.some(({ start, end }) => at >= start && at < end)).length;
  const usual = (matched.length * time) / Math.max(1, length - time);
  const own = ownEvents(events, falseEventsIn(time, counts));
  const more = ownEvents(events, scaled(poissonMean(candidates.length - events), time / Math.max(1, length - time)));
  if (Math.max(own.low, more.low) > FIRING * usual) return 'lost';
  if (own.high < FIRING * usual || call === 'complete') return 'silent';
  return 'unknown';
}

const scaled = ({ estimate, low, high }: Estimate, by: number): Estimate => ({
  estimate: by * estimate,
  low: by * low,
  high: by * high,
});

/** Silences of moments are too short to be judged singly: the array's missed share of the whole recording answers for them. */
export const wordOnShortSilences: { readonly [call in ArrayCall]: ArraysWord } = {
  complete: 'silent',
  missing: 'lost',
  'in doubt': 'unknown',
  'cannot tell': 'unknown',
};
