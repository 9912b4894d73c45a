/**
 * How many of the cell's spikes the pipette missed, by capture and recapture: of the times that the array saw the cell,
 * the share that the pipette did not (Lincoln and Petersen; Chapman's form for small counts). The cell cannot fire again
 * within 2 ms of a spike, so what the array takes for it there are other cells' spikes: their rate is taken off.
 *
 * It assumes that the array sees a spike or not whatever the pipette does, that false events are no rarer near the cell's
 * spikes than elsewhere, and that the waveform stays the same.
 */
import { poissonMean } from '../signal/poisson-difference.ts';

export interface Counts {
  /** Spikes of the pipette that the array saw clearly. */
  readonly matched: number;
  /** Events like the cell 2 ms or more from every spike of the pipette. */
  readonly unmatched: number;
  /** Events like the cell where it cannot fire: 0.6 to 2 ms from a spike. */
  readonly refractory: number;
  /** Samples in which an unmatched, or a refractory, event could lie. */
  readonly outside: number;
  readonly inside: number;
}

export interface ArrayMissed {
  readonly estimate: number;
  /** 95 % interval, false events taken off. */
  readonly low: number;
  readonly high: number;
  /** The same if every event were the cell's own. */
  readonly lowWithoutControl: number;
  readonly highWithoutControl: number;
  /** Events outside that the refractory zone lets expect of other cells. */
  readonly falseEvents: number;
}

export function arrayMissed(counts: Counts): ArrayMissed {
  const { matched, unmatched, refractory, outside, inside } = counts;
  const ratio = inside > 0 ? outside / inside : 0;
  const seen = poissonMean(matched);
  const all = poissonMean(unmatched);
  const control = poissonMean(refractory);
  const falseEvents = refractory * ratio;
  // MOVER for a difference of two Poisson means of which the second is scaled (Zou & Donner 2008).
  const own = unmatched - falseEvents;
  const low = own - distance(unmatched - all.low, ratio * (control.high - refractory));
  const high = own + distance(all.high - unmatched, ratio * (refractory - control.low));
  return {
    estimate: shareOf(own, matched),
    low: shareOf(low, seen.high),
    high: shareOf(high, seen.low),
    lowWithoutControl: shareOf(all.low, seen.high),
    highWithoutControl: shareOf(all.high, seen.low),
    falseEvents,
  };
}

const distance = (a: number, b: number): number => Math.sqrt(a * a + b * b);

const shareOf = (part: number, rest: number): number => (part <= 0 ? 0 : part / (part + Math.max(0, rest)));

/** Samples within `from` to `to` of a spike, on either side, that lie closer to it than `from` allows of no other. */
export function refractorySamples(spikes: ArrayLike<number>, from: number, to: number): number {
  let samples = 0;
  for (let i = 1; i < spikes.length; i++) {
    const gap = (spikes[i] as number) - (spikes[i - 1] as number);
    // The zone after one spike, and the one before the next, without what both share.
    const both = Math.min(2 * (to - from), Math.max(0, gap - 2 * from));
    samples += both;
  }
  return samples;
}
