/** What the array says of the pipette's spikes: which of them it saw, and when it saw the cell without the pipette. */
import { medianMad } from '../noise/median-mad.ts';
import { eventsIn, isAlike, isShaped, isSmaller, type Likeness, likenessOf, SEEN } from './candidates.ts';
import type { Counts } from './capture-recapture.ts';
import type { Template } from './electrodes.ts';
import { matchedFilter } from './matched-filter.ts';
import { type ResidualAt, residualsIn } from './residual.ts';
import { lookUp, type SeenSpike, scoreTrace, takeOut, usualDelay } from './score.ts';
import { isSeenForAPart } from './seen-for-a-part.ts';
import { shapeMatch } from './shape-match.ts';
import { type Candidate, candidatesOf, countsOf, farFrom, sortEvents } from './sort-events.ts';
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
  /** Of the seen ones, those that would be taken for the cell's if they were peaks below the threshold. */
  readonly passing: number;
  readonly groups: TwoGroups | null;
  /** `own`: whether the shape is the cell's, and no neighbour's of nearly the same waveform. */
  readonly tail: readonly (SeenSpike & { readonly own: boolean })[];
  readonly candidates: readonly Candidate[];
  readonly counts: Counts;
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
    const shape = { score: spike.score, match: shapeMatch(traces, template, spike.at) };
    const shaped = isShaped(shape, likeness);
    return { ...spike, residual: residualAt(spike.at), alike: isAlike(shape, likeness), shaped };
  });
  takeOut(spikes, { scores, traces }, filter.taps, template);
  return { snr, unseen, groups, ...searched({ recorded, scores, delay, likeness, residualAt, looked }) };
}

interface Looked extends SeenSpike {
  readonly residual: Float64Array | undefined;
  /** Whether size and shape are as clear as a candidate's have to be; and the shape alone, whatever the size. */
  readonly alike: boolean;
  readonly shaped: boolean;
}

/** The recording with the pipette's spikes taken out, and what they looked like. */
interface Cleared {
  readonly recorded: Recorded;
  readonly scores: Float32Array;
  readonly delay: number;
  readonly likeness: Likeness;
  readonly residualAt: ResidualAt;
  readonly looked: readonly Looked[];
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
  const others = events
    .map((event, row) => ({ ...event, own: isOwn(event.residual, row) }))
    .filter((event, row) => isAlike(event, likeness) && !isSurelyOwn(event.residual, row));
  const own = looked.map(({ at }) => at);
  const sorted = sortEvents(
    {
      own,
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
    candidates: candidatesOf(sorted, farFrom(own, others, samplingRate), delay),
    passing: looked.filter(({ score, shaped, residual }, row) => score >= SEEN && shaped && isOwn(residual, row))
      .length,
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
