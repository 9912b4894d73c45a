/** Sorts the array's events by their time: far from every spike of the pipette, in the refractory zone, or in a burst. */
import type { ArrayEvent } from './candidates.ts';
import { type Counts, refractorySamples } from './capture-recapture.ts';
import { spikesAround } from './nearest.ts';

/** The cell cannot fire from the end of its own spike to this long after it, in ms. */
const REFRACTORY_MS = { from: 0.6, to: 2 };
/** The later spikes of a burst follow the first within this many ms. */
const BURST_MS = 15;

/** An event like the cell, 2 ms or more from every spike of the pipette; `at` is the pipette's time. */
export interface Candidate {
  readonly at: number;
  readonly score: number;
  /** True if it is smaller, and follows a spike like the later spikes of a burst. */
  readonly inBurst: boolean;
  /** True if it counts as missed: it lies among the middle of the cell's own spikes (`isSurelyOwn`). */
  readonly counted: boolean;
  /** True if its shape lies within 95 % of the cell's own spikes. */
  readonly own: boolean;
}

interface EventsToSort {
  /** Samples at which the array shows the pipette's spikes. */
  readonly own: readonly number[];
  readonly alike: readonly ArrayEvent[];
  readonly smaller: readonly ArrayEvent[];
}

/** `alone`: 2 ms or more from every spike; `refractory`: while the cell cannot fire; `following`: like the later spikes of bursts. */
export interface SortedEvents {
  readonly own: readonly number[];
  readonly alone: readonly ArrayEvent[];
  readonly refractory: number;
  readonly following: readonly ArrayEvent[];
  readonly preceding: number;
}

/** Keeps the events 2 ms or more from every spike of the pipette: the cell may fire there. */
export function awayFromSpikes<T extends ArrayEvent>(
  own: readonly number[],
  events: readonly T[],
  samplingRate: number,
): T[] {
  const { since, until } = spikesAround(
    events.map(({ at }) => at),
    own,
  );
  const { to } = inSamples(samplingRate);
  return events.filter((_, index) => Math.min(since[index] as number, until[index] as number) >= to);
}

export function sortEvents({ own, alike, smaller }: EventsToSort, samplingRate: number): SortedEvents {
  const { from, to, burst } = inSamples(samplingRate);
  const near = spikesAround(
    alike.map(({ at }) => at),
    own,
  );
  const nearest = (index: number) => Math.min(near.since[index] as number, near.until[index] as number);
  const alone = alike.filter((_, index) => nearest(index) >= to);
  const fired = [...own, ...alone.map(({ at }) => at)].sort((a, b) => a - b);
  const { since, until } = spikesAround(
    smaller.map(({ at }) => at),
    fired,
  );
  const within = (distances: Float64Array, index: number) => (distances[index] as number) <= burst;
  const clear = [...smaller.keys()].filter((index) => (since[index] as number) >= to && (until[index] as number) >= to);
  return {
    own,
    alone,
    refractory: alike.filter((_, index) => nearest(index) >= from && nearest(index) < to).length,
    following: clear.filter((index) => within(since, index)).map((index) => smaller[index] as ArrayEvent),
    preceding: clear.filter((index) => within(until, index)).length,
  };
}

/** Lists events for inspection: the counted events, and `strangers`, which lie too far from the middle of the cell's own spikes to count. */
export function candidatesOf(
  { alone, following }: SortedEvents,
  strangers: readonly (ArrayEvent & { readonly own: boolean })[],
  delay: number,
): Candidate[] {
  const counted = (event: ArrayEvent, inBurst: boolean): Candidate => ({
    at: event.at - delay,
    score: event.score,
    inBurst,
    counted: true,
    own: true,
  });
  const all = [
    ...alone.map((event) => counted(event, false)),
    ...following.map((event) => counted(event, true)),
    ...strangers.map(({ at, score, own }) => ({ at: at - delay, score, inBurst: false, counted: false, own })),
  ];
  return all.sort((a, b) => a.at - b.at);
}

export function countsOf(
  { own, alone, refractory, following, preceding }: SortedEvents,
  {
    matched,
    length,
    samplingRate,
  }: { readonly matched: number; readonly length: number; readonly samplingRate: number },
): Counts {
  const { from, to } = inSamples(samplingRate);
  return {
    matched,
    unmatched: alone.length,
    refractory,
    following: following.length,
    preceding,
    outside: Math.max(0, length - 2 * to * own.length),
    inside: refractorySamples(own, from, to),
  };
}

const inSamples = (samplingRate: number) => ({
  from: Math.round((REFRACTORY_MS.from * samplingRate) / 1000),
  to: Math.round((REFRACTORY_MS.to * samplingRate) / 1000),
  burst: Math.round((BURST_MS * samplingRate) / 1000),
});
