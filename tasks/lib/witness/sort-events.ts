/** Sorts the events of the array by when they come: far from every spike of the pipette, where the cell cannot fire, or as bursts do. */
import type { ArrayEvent } from './candidates.ts';
import { type Counts, refractorySamples } from './capture-recapture.ts';
import { spikesAround } from './nearest.ts';

/** The cell cannot fire from the end of its own spike to this long after it, in ms. */
const REFRACTORY_MS = { from: 0.6, to: 2 };
/** The later spikes of a burst follow within so many ms. */
const BURST_MS = 15;

/** An event like the cell, 2 ms or more from every spike of the pipette; `at` is the pipette's time. */
export interface Candidate {
  readonly at: number;
  readonly score: number;
  /** Whether it is smaller, and follows a spike as the later spikes of a burst do. */
  readonly inBurst: boolean;
  /** Whether it lies among those of the cell's own spikes that are counted with it. */
  readonly counted: boolean;
  /** Whether its shape is the cell's, as far as 95 % of the cell's own spikes reach. */
  readonly own: boolean;
}

interface Events {
  /** Where the array shows the pipette's spikes. */
  readonly own: readonly number[];
  readonly alike: readonly ArrayEvent[];
  readonly smaller: readonly ArrayEvent[];
}

/** Events by when they come: far from every spike, where the cell cannot fire, or as the later spikes of bursts do. */
export interface Sorted {
  readonly own: readonly number[];
  readonly alone: readonly ArrayEvent[];
  readonly refractory: number;
  readonly following: readonly ArrayEvent[];
  readonly preceding: number;
}

/** The events that come where the cell may fire: 2 ms or more from every spike of the pipette. */
export function farFrom<T extends ArrayEvent>(own: readonly number[], events: readonly T[], samplingRate: number): T[] {
  const { since, until } = spikesAround(
    events.map(({ at }) => at),
    own,
  );
  const { to } = inSamples(samplingRate);
  return events.filter((_, index) => Math.min(since[index] as number, until[index] as number) >= to);
}

export function sortEvents({ own, alike, smaller }: Events, samplingRate: number): Sorted {
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

/** Events to be looked at one by one: those that are counted, and `strangers`, which lie too far from the middle of the cell's own spikes for that. */
export function candidatesOf(
  { alone, following }: Sorted,
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
  { own, alone, refractory, following, preceding }: Sorted,
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
