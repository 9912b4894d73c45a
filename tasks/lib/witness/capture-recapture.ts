/**
 * How many of the cell's spikes the pipette missed, by capture and recapture: of the times that the array saw the cell,
 * the share that the pipette did not (Lincoln and Petersen; Chapman's form for small counts). The cell cannot fire again
 * within 2 ms of a spike, so what the array takes for it there are other cells' spikes: their rate is taken off.
 *
 * It assumes that the array sees a spike or not whatever the pipette does, that false events are no rarer near the cell's
 * spikes than elsewhere, and that the waveform stays the same. The later spikes of bursts are smaller on the array too: events
 * of their size count if more of them follow the pipette's spikes than precede them.
 */
import { type Estimate, poissonMean } from '../statistics/poisson-difference.ts';

export interface Counts {
  /** Spikes of the pipette that the array saw clearly. */
  readonly matched: number;
  /** Events like the cell 2 ms or more from every spike of the pipette. */
  readonly unmatched: number;
  /** Events like the cell where it cannot fire: 0.6 to 2 ms from a spike. */
  readonly refractory: number;
  /** Smaller events of the cell's shape 2 to 15 ms after a spike, and as long before one. */
  readonly following: number;
  readonly preceding: number;
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
  /** Whether later spikes of bursts are missed: the array hides the smallest of them as well, so that the high ends are none. */
  readonly bursts: boolean;
}

/** Events that other cells leave in so many samples, with the interval of their mean, by the refractory zone. */
export function falseEventsIn(
  samples: number,
  { refractory, inside }: Pick<Counts, 'refractory' | 'inside'>,
): Estimate {
  const { estimate, low, high } = poissonMean(refractory);
  const times = inside > 0 ? samples / inside : 0;
  return { estimate: estimate * times, low: low * times, high: inside > 0 ? high * times : Number.POSITIVE_INFINITY };
}

/** So many of the events are the cell's own; its ends may lie below 0. */
export const ownEvents = (events: number, others: Estimate, z?: number): Estimate =>
  difference(poissonMean(events, z), others);

/** Two estimates apart, by the method of variance estimates recovery, MOVER (Zou & Donner 2008), which takes means that are scaled too. */
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
  const own = together(difference(all, falseEvents), later);
  const anyone = together(all, later);
  return {
    estimate: missedShare(own.estimate, matched),
    low: missedShare(own.low, seen.high),
    high: missedShare(own.high, seen.low),
    lowWithoutControl: missedShare(anyone.low, seen.high),
    highWithoutControl: missedShare(anyone.high, seen.low),
    falseEvents: falseEvents.estimate,
    bursts: later.low > 0,
  };
}

/** The sum of two numbers of events, of which neither is under 0. */
function together(a: Estimate, b: Estimate): Estimate {
  return { ...sum(a, b), low: Math.max(0, a.low) + Math.max(0, b.low) };
}

const distance = (a: number, b: number): number => Math.sqrt(a * a + b * b);

/** Of `part` missed and `rest` found spikes the share that is missed; 0 where the first is below 0. */
export const missedShare = (part: number, rest: number): number => (part > 0 ? part / (part + Math.max(0, rest)) : 0);

/** Samples within `from` to `to` of a spike, on either side, that lie closer to it than `from` allows of no other. */
export function refractorySamples(spikes: ArrayLike<number>, from: number, to: number): number {
  let samples = 0;
  for (let i = 1; i < spikes.length; i++) {
    const gap = (spikes[i] as number) - (spikes[i - 1] as number);
    // The zone after one spike, and the one before the next, without what both share.
    samples += Math.min(2 * (to - from), Math.max(0, gap - 2 * from));
  }
  return samples;
}
