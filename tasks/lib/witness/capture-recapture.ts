/**
 * Estimates how many of the cell's spikes the pipette missed, by capture and recapture: the share of the array's sightings of the cell
 * that have no spike of the pipette (Lincoln and Petersen; Chapman's form for small counts). The cell cannot fire again within 2 ms of a
 * spike, so events like the cell in that time are other cells' spikes: their rate is subtracted.
 *
 * The estimate assumes that the array and the pipette miss spikes independently, that false events are no rarer near the cell's spikes
 * than elsewhere, and that the waveform stays the same. The later spikes of bursts are smaller on the array too: events of their size
 * count if more of them follow the pipette's spikes than precede them.
 */
import { type Estimate, poissonMean } from '../statistics/poisson-difference.ts';

export interface Counts {
  /** Spikes of the pipette that the array saw clearly. */
  readonly matched: number;
  /** Events like the cell 2 ms or more from every spike of the pipette. */
  readonly unmatched: number;
  /** Events like the cell 0.6 to 2 ms from a spike, when it cannot fire. */
  readonly refractory: number;
  /** Smaller events of the cell's shape 2 to 15 ms after a spike, and 2 to 15 ms before. */
  readonly following: number;
  readonly preceding: number;
  /** Samples in which an unmatched, or a refractory, event could lie. */
  readonly outside: number;
  readonly inside: number;
}

export interface ArrayMissed {
  readonly estimate: number;
  /** 95 % interval, after the false events are subtracted. */
  readonly low: number;
  readonly high: number;
  /** The 95 % interval if every event were the cell's. */
  readonly lowWithoutControl: number;
  readonly highWithoutControl: number;
  /** Expected events of other cells outside, by their rate in the refractory zone. */
  readonly falseEvents: number;
  /** True if later spikes of bursts are missed: the array hides the smallest of them as well, so the high ends are no bounds. */
  readonly bursts: boolean;
}

/** Expects other cells' events in this many samples, with the interval of their mean, by their rate in the refractory zone. */
export function falseEventsIn(
  samples: number,
  { refractory, inside }: Pick<Counts, 'refractory' | 'inside'>,
): Estimate {
  const { estimate, low, high } = poissonMean(refractory);
  const times = inside > 0 ? samples / inside : 0;
  return { estimate: estimate * times, low: low * times, high: inside > 0 ? high * times : Number.POSITIVE_INFINITY };
}

/** Estimates how many of the events are the cell's own; the ends may lie below 0. */
export const ownEvents = (events: number, others: Estimate, z?: number): Estimate =>
  difference(poissonMean(events, z), others);

/** Subtracts estimates by the method of variance estimates recovery (MOVER, Zou & Donner 2008), which also takes scaled means. */
const difference = (a: Estimate, b: Estimate): Estimate =>
  sum(a, { estimate: -b.estimate, low: -b.high, high: -b.low });

function sum(a: Estimate, b: Estimate): Estimate {
  const estimate = a.estimate + b.estimate;
  return {
    estimate,
    low: estimate - distance(a.estimate - a.low, b.estimate - b.low),
    high: estimate + distance(a.high - a.estimate, b.high - b.estimate),
  };
}

export function arrayMissed(counts: Counts): ArrayMissed {
  const { matched, unmatched, outside, following, preceding } = counts;
  const seen = poissonMean(matched);
  const all = poissonMean(unmatched);
  const falseEvents = falseEventsIn(outside, counts);
  const later = difference(poissonMean(following), poissonMean(preceding));
  const ofCell = sumFromZero(difference(all, falseEvents), later);
  const withoutControl = sumFromZero(all, later);
  return {
    estimate: missedShare(ofCell.estimate, matched),
    low: missedShare(ofCell.low, seen.high),
    high: missedShare(ofCell.high, seen.low),
    lowWithoutControl: missedShare(withoutControl.low, seen.high),
    highWithoutControl: missedShare(withoutControl.high, seen.low),
    falseEvents: falseEvents.estimate,
    bursts: later.low > 0,
  };
}

/** Adds two numbers of events; a low end under 0 counts as 0. */
function sumFromZero(a: Estimate, b: Estimate): Estimate {
  return { ...sum(a, b), low: Math.max(0, a.low) + Math.max(0, b.low) };
}

const distance = (a: number, b: number): number => Math.sqrt(a * a + b * b);

/** The missed share of `part` missed and `rest` found spikes; 0 if `part` is below 0. */
export const missedShare = (part: number, rest: number): number => (part > 0 ? part / (part + Math.max(0, rest)) : 0);

/** Counts the samples between `from` and `to` from a spike, on either side, without those closer than `from` to another spike. */
export function refractorySamples(spikes: ArrayLike<number>, from: number, to: number): number {
  let samples = 0;
  for (let i = 1; i < spikes.length; i++) {
    const gap = (spikes[i] as number) - (spikes[i - 1] as number);
    // Adds the zones after this spike and before the next, and counts their overlap once.
    samples += Math.min(2 * (to - from), Math.max(0, gap - 2 * from));
  }
  return samples;
}
