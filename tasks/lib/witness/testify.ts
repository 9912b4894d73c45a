/** Asks the array which spikes of the pipette it saw, and when it saw the cell without the pipette. */
import { medianMad } from '../noise/median-mad.ts';
import { eventsIn, isAlike, isShaped, isSmaller, type Likeness, likenessOf, SEEN_SCORE } from './candidates.ts';
import type { Counts } from './capture-recapture.ts';
import type { Template } from './electrodes.ts';
import { matchedFilter } from './matched-filter.ts';
import { isPartlySeen } from './partly-seen.ts';
import { type ResidualAt, residualsIn } from './residual.ts';
import { lookUp, type SeenSpike, scoreTrace, subtractSpikes, usualDelay } from './score.ts';
import { shapeMatch } from './shape-match.ts';
import { awayFromSpikes, type Candidate, candidatesOf, countsOf, sortEvents } from './sort-events.ts';
import { tellApart } from './tell-apart.ts';
import { traceFault } from './trace-fault.ts';
import { type TwoGroups, twoGroups } from './two-cells.ts';

export interface ArrayRecording {
  /** Traces of the template's electrodes, in sds of their noise. `testify` changes them: it subtracts the pipette's spikes. */
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
  /** Number of them that the array did not see. */
  readonly unseen: number;
  /** Number of seen spikes that would count as the cell's if they were peaks below the threshold. */
  readonly passing: number;
  readonly groups: TwoGroups | null;
  /** `own`: true if the shape is the cell's, and not that of a neighbour with nearly the same waveform. */
  readonly tail: readonly (SeenSpike & { readonly own: boolean })[];
  readonly candidates: readonly Candidate[];
  readonly counts: Counts;
}

/** The reason for which the array cannot be asked at all. */
export type SilentReason =
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

/** With a larger share unseen, the list is not that of a cell that the array records. */
const MOST_UNSEEN = 0.5;

/** Largest time between a cell's extremes on pipette and array, in ms, unless their clocks differ. */
const MOST_APART_MS = 1;
/** At a lower SNR the waveform is noise, and the time of its extreme too. */
const LEAST_SNR = 3;

export function testify(recorded: ArrayRecording): Testimony | SilentReason {
  const { traces, template, spikes: listed, samplingRate } = recorded;
  if (listed.length < LEAST_SPIKES) return 'too few spikes';
  const trouble = traceFault(traces);
  if (trouble !== null) return trouble;
  const filter = matchedFilter(traces, listed, template);
  if (filter === null) return 'no quiet stretch';
  const scores = scoreTrace(traces, filter.taps, template);
  const delay = usualDelay(scores, listed, samplingRate);
  const spikes = lookUp(scores, listed, { delay, samplingRate });
  const likeness = likenessOf(spikes, traces, template);
  const unseen = spikes.filter(({ score }) => score < SEEN_SCORE).length;
  if (likeness === null || unseen > MOST_UNSEEN * spikes.length) return 'spikes not seen';
  const snr = snrOf(scores, spikes);
  if (snr >= LEAST_SNR && Math.abs(template.peak) > (MOST_APART_MS * samplingRate) / 1000) return 'shifted';
  if (isPartlySeen(spikes, scores.length)) return 'seen for a part';
  const residualAt = residualsIn(traces, template, filter.covariance);
  // Groups only spikes that the array saw: artefacts are no second cell.
  const groups = twoGroups(spikes.flatMap(({ at, score }) => (score >= SEEN_SCORE ? (residualAt(at) ?? []) : [])));
  const measured = spikes.map((spike) => {
    const shape = { score: spike.score, match: shapeMatch(traces, template, spike.at) };
    const shaped = isShaped(shape, likeness);
    return { ...spike, residual: residualAt(spike.at), alike: isAlike(shape, likeness), shaped };
  });
  subtractSpikes(spikes, { scores, traces }, filter.taps, template);
  return { snr, unseen, groups, ...searchForCell({ recorded, scores, delay, likeness, residualAt, measured }) };
}

interface MeasuredSpike extends SeenSpike {
  readonly residual: Float64Array | undefined;
  /** `alike`: size and shape are as clear as a candidate's must be. `shaped`: the shape alone is, at any size. */
  readonly alike: boolean;
  readonly shaped: boolean;
}

/** The recording without the pipette's spikes, and the measures of these spikes. */
interface ClearedRecording {
  readonly recorded: ArrayRecording;
  readonly scores: Float32Array;
  readonly delay: number;
  readonly likeness: Likeness;
  readonly residualAt: ResidualAt;
  readonly measured: readonly MeasuredSpike[];
}

/** Searches for spikes of the cell that the pipette does not have, and marks the pipette's spikes that are as clear as they (`clear`). */
function searchForCell({ recorded, scores, delay, likeness, residualAt, measured }: ClearedRecording) {
  const { traces, template, tail, samplingRate } = recorded;
  const events = eventsIn({ scores, traces }, template, likeness, samplingRate)
    .filter((event) => isAlike(event, likeness) || isSmaller(event, likeness))
    .flatMap((event) => {
      const residual = residualAt(event.at);
      return residual === undefined ? [] : [{ ...event, residual }];
    });
  const { isOwn, isSurelyOwn } = tellApart(
    measured.flatMap(({ alike, residual }) => (alike ? (residual ?? []) : [])),
    events.map(({ residual }) => residual),
  );
  const spikes = measured.map(({ spike, at, score, alike, residual }, row) => {
    return { spike, at, score, clear: alike && isSurelyOwn(residual, row) };
  });
  const cells = events.filter(({ residual }, row) => isSurelyOwn(residual, row));
  const others = events
    .map((event, row) => ({ ...event, own: isOwn(event.residual, row) }))
    .filter((event, row) => isAlike(event, likeness) && !isSurelyOwn(event.residual, row));
  const own = measured.map(({ at }) => at);
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
      // The half of the events without this peak judges it.
      const half = rowOf.get(peak.at) ?? row;
      return { ...peak, own: isShaped(shape, likeness) && isOwn(residualAt(peak.at), half) };
    }),
    candidates: candidatesOf(sorted, awayFromSpikes(own, others, samplingRate), delay),
    passing: measured.filter(
      ({ score, shaped, residual }, row) => score >= SEEN_SCORE && shaped && isOwn(residual, row),
    ).length,
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
