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
 * Whether the cell fires on the array inside silences of the pipette: events like the cell there, less those of other cells, against the number
 * that the cell's usual rate would leave. Other cells fire no more in the silences than elsewhere: all events elsewhere give the most that are theirs, which
 * convicts; what the refractory zone lets expect of them is known less well, and may acquit. With too short a time, or too many
 * other cells, nobody knows; then an array that confirms the whole recording confirms its silences as well.
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

/** Silences of moments are too short to be looked at one by one: the share that the array misses in all speaks for them. */
export const wordOnShortSilences: { readonly [call in ArrayCall]: ArraysWord } = {
  complete: 'silent',
  missing: 'lost',
  'in doubt': 'unknown',
  'cannot tell': 'unknown',
};
