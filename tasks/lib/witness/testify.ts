/** What the array says of the pipette's spikes: which of them it saw, and when it saw the cell without the pipette. */
import { medianMad } from '../signal/median-mad.ts';
import {
  type ArrayEvent,
  eventsIn,
  isAlike,
  isShaped,
  isSmaller,
  type Likeness,
  likenessOf,
  SEEN,
} from './candidates.ts';
import { type Counts, refractorySamples } from './capture-recapture.ts';
import type { Template } from './electrodes.ts';
import { matchedFilter } from './matched-filter.ts';
import { spikesAround } from './nearest.ts';
import { type ResidualAt, residualsIn } from './residual.ts';
import { lookUp, type SeenSpike, scoreTrace, takeOut, usualDelay } from './score.ts';
import { isSeenForAPart } from './seen-for-a-part.ts';
import { shapeMatch } from './shape-match.ts';
import { tellApart } from './tell-apart.ts';
import { traceTrouble } from './trace-trouble.ts';
import { type TwoGroups, twoGroups } from './two-cells.ts';

export interface Recorded {
  /** Of the template's electrodes, in sds of their noise. They are changed: the pipette's spikes are taken out. */
  readonly traces: readonly Float32Array[];
  readonly template: Template;
  /** The pipette's spikes, ascending, in samples. */
  readonly spikes: readonly number[];
  /** Peaks of the pipette's trace below its threshold, ascending. */
  readonly tail: readonly number[];
  readonly samplingRate: number;
}

export interface Testimony {
  /** Median score of the cell's spikes over the noise of the scores. */
  readonly snr: number;
  /** The pipette's spikes as the array shows them; those at the very ends are left out. */
  readonly spikes: readonly (SeenSpike & { readonly clear: boolean })[];
  /** How many of them the array did not see. */
  readonly unseen: number;
  readonly groups: TwoGroups | null;
  /** `own`: whether the shape is the cell's, and no neighbour's of nearly the same waveform. */
  readonly tail: readonly (SeenSpike & { readonly own: boolean })[];
  readonly candidates: readonly Candidate[];
  readonly counts: Counts;
}

/** An event like the cell, 2 ms or more from every spike of the pipette; `at` is the pipette's time. */
export interface Candidate {
  readonly at: number;
  readonly score: number;
  /** Whether it is smaller, and follows a spike as the later spikes of a burst do. */
  readonly inBurst: boolean;
}

/** Why the array cannot be asked at all. */
export type Silent =
  | 'not recording'
  | 'no waveform'
  | 'one electrode'
  | 'equal electrodes'
  | 'too few spikes'
  | 'no quiet stretch'
  | 'spikes not seen'
  | 'shifted'
  | 'seen for a part';

/** Fewer spikes give no waveform to look for. */
const LEAST_SPIKES = 30;

/** The cell cannot fire from the end of its own spike to this long after it, in ms. */
const REFRACTORY_MS = { from: 0.6, to: 2 };
/** The later spikes of a burst follow within so many ms. */
const BURST_MS = 15;

/** More unseen spikes than this, and the list is not of one cell that the array records. */
const MOST_UNSEEN = 0.5;

/** A cell's extremes on pipette and array lie closer than this, in ms, unless their clocks do not agree. */
const MOST_APART_MS = 1;
/** At a lower SNR the waveform is noise, and so is where its extreme lies. */
const LEAST_SNR = 3;

export function testify(recorded: Recorded): Testimony | Silent {
  const { traces, template, spikes: listed, samplingRate } = recorded;
  if (listed.length < LEAST_SPIKES) return 'too few spikes';
  const trouble = traceTrouble(traces);
  if (trouble !== null) return trouble;
  const filter = matchedFilter(traces, listed, template);
  if (filter === null) return 'no quiet stretch';
  const scores = scoreTrace(traces, filter.taps, template);
  const delay = usualDelay(scores, listed, samplingRate);
  const spikes = lookUp(scores, listed, { delay, samplingRate });
  const likeness = likenessOf(spikes, traces, template);
  const unseen = spikes.filter(({ score }) => score < SEEN).length;
  if (likeness === null || unseen > MOST_UNSEEN * spikes.length) return 'spikes not seen';
  const snr = snrOf(scores, spikes);
  if (snr >= LEAST_SNR && Math.abs(template.peak) > (MOST_APART_MS * samplingRate) / 1000) return 'shifted';
  if (isSeenForAPart(spikes, scores.length)) return 'seen for a part';
  const residualAt = residualsIn(traces, template, filter.covariance);
  // Only of spikes that the array saw: artefacts are no second cell.
  const groups = twoGroups(spikes.flatMap(({ at, score }) => (score >= SEEN ? (residualAt(at) ?? []) : [])));
  const looked = spikes.map((spike) => {
    const match = shapeMatch(traces, template, spike.at);
    return { ...spike, residual: residualAt(spike.at), alike: isAlike({ score: spike.score, match }, likeness) };
  });
  takeOut(spikes, { scores, traces }, filter.taps, template);
  return { snr, unseen, groups, ...searched({ recorded, scores, delay, likeness, residualAt, looked }) };
}

/** The recording with the pipette's spikes taken out, and what they looked like. */
interface Cleared {
  readonly recorded: Recorded;
  readonly scores: Float32Array;
  readonly delay: number;
  readonly likeness: Likeness;
  readonly residualAt: ResidualAt;
  readonly looked: readonly (SeenSpike & { readonly alike: boolean; readonly residual: Float64Array | undefined })[];
}

/** Searches for the cell where the pipette has no spike, and says which of its spikes are as clear as what is found. */
function searched({ recorded, scores, delay, likeness, residualAt, looked }: Cleared) {
  const { traces, template, tail, samplingRate } = recorded;
  const events = eventsIn({ scores, traces }, template, likeness, samplingRate)
    .filter((event) => isAlike(event, likeness) || isSmaller(event, likeness))
    .flatMap((event) => {
      const residual = residualAt(event.at);
      return residual === undefined ? [] : [{ ...event, residual }];
    });
  const { isOwn, isSurelyOwn } = tellApart(
    looked.flatMap(({ alike, residual }) => (alike ? (residual ?? []) : [])),
    events.map(({ residual }) => residual),
  );
  const spikes = looked.map(({ spike, at, score, alike, residual }, row) => {
    return { spike, at, score, clear: alike && isSurelyOwn(residual, row) };
  });
  const cells = events.filter(({ residual }, row) => isSurelyOwn(residual, row));
  const sorted = sortEvents(
    {
      own: looked.map(({ at }) => at),
      alike: cells.filter((event) => isAlike(event, likeness)),
      smaller: cells.filter((event) => isSmaller(event, likeness)),
    },
    samplingRate,
  );
  const rowOf = new Map(events.map(({ at }, row) => [at, row]));
  return {
    spikes,
    tail: lookUp(scores, tail, { delay, samplingRate }).map((peak, row) => {
      const shape = { score: peak.score, match: shapeMatch(traces, template, peak.at) };
      // A peak that is one of the events is judged by the half that it is not in.
      const half = rowOf.get(peak.at) ?? row;
      return { ...peak, own: isShaped(shape, likeness) && isOwn(residualAt(peak.at), half) };
    }),
    candidates: candidatesOf(sorted, delay),
    counts: countsOf(sorted, {
      matched: spikes.filter(({ clear }) => clear).length,
      length: scores.length,
      samplingRate,
    }),
  };
}

function snrOf(scores: Float32Array, spikes: readonly SeenSpike[]): number {
  const sorted = spikes.map(({ score }) => score).sort((a, b) => a - b);
  return (sorted[sorted.length >> 1] as number) / medianMad(scores).mad;
}

interface Events {
  /** Where the array shows the pipette's spikes. */
  readonly own: readonly number[];
  readonly alike: readonly ArrayEvent[];
  readonly smaller: readonly ArrayEvent[];
}

/** Events by when they come: far from every spike, where the cell cannot fire, or as the later spikes of bursts do. */
interface Sorted {
  readonly own: readonly number[];
  readonly alone: readonly ArrayEvent[];
  readonly refractory: number;
  readonly following: readonly ArrayEvent[];
  readonly preceding: number;
}

function sortEvents({ own, alike, smaller }: Events, samplingRate: number): Sorted {
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

function candidatesOf({ alone, following }: Sorted, delay: number): Candidate[] {
  const all = [
    ...alone.map(({ at, score }) => ({ at: at - delay, score, inBurst: false })),
    ...following.map(({ at, score }) => ({ at: at - delay, score, inBurst: true })),
  ];
  return all.sort((a, b) => a.at - b.at);
}

function countsOf(
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
