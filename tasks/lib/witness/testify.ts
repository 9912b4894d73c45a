/** What the array says of the pipette's spikes: which of them it saw, and when it saw the cell without the pipette. */
import { medianMad } from '../signal/median-mad.ts';
import { type Candidate, candidatesIn, isAlike, type Likeness, likenessOf, SEEN } from './candidates.ts';
import { type Counts, refractorySamples } from './capture-recapture.ts';
import type { Template } from './electrodes.ts';
import { type MatchedFilter, matchedFilter } from './matched-filter.ts';
import { nearestDistances } from './nearest.ts';
import { lookUp, type SeenSpike, scoreTrace, takeOut } from './score.ts';
import { shapeMatch } from './shape-match.ts';
import { type TwoGroups, twoGroups } from './two-cells.ts';

export interface Recorded {
  /** Of the template's electrodes, in sds of their noise. They are changed: the pipette's spikes are taken out. */
  readonly traces: readonly Float32Array[];
  readonly template: Template;
  /** The pipette's spikes, ascending, in samples. */
  readonly spikes: ArrayLike<number>;
  /** Peaks of the pipette's trace below its threshold, ascending. */
  readonly tail: ArrayLike<number>;
  readonly samplingRate: number;
}

export interface Testimony {
  /** Median score of the cell's spikes over the noise of the scores. */
  readonly snr: number;
  /** The pipette's spikes as the array shows them; those at the very ends are left out. */
  readonly spikes: readonly SeenSpike[];
  /** How many of them the array did not see. */
  readonly unseen: number;
  readonly groups: TwoGroups | null;
  readonly tail: readonly (SeenSpike & { readonly match: number })[];
  readonly likeness: Likeness;
  /** Events like the cell, 2 ms or more from every spike of the pipette; `at` is the pipette's time. */
  readonly candidates: readonly Candidate[];
  readonly counts: Counts;
}

/** Why the array cannot be asked at all. */
export type Silent = 'no waveform' | 'one electrode' | 'too few spikes' | 'no quiet stretch' | 'spikes not seen';

/** Fewer spikes give no waveform to look for. */
const LEAST_SPIKES = 30;

/** The cell cannot fire from the end of its own spike to this long after it, in ms. */
const REFRACTORY_MS = { from: 0.6, to: 2 };

/** More unseen spikes than this, and the list is not of one cell that the array records. */
const MOST_UNSEEN = 0.5;

export function testify(recorded: Recorded): Testimony | Silent {
  const { traces, template, spikes: listed, tail, samplingRate } = recorded;
  if (listed.length < LEAST_SPIKES) return 'too few spikes';
  const filter = matchedFilter(traces, listed, template);
  if (filter === null) return 'no quiet stretch';
  const scores = scoreTrace(traces, filter.taps, template);
  const spikes = lookUp(scores, listed, samplingRate);
  const likeness = likenessOf(spikes, traces, template);
  const unseen = spikes.filter(({ score }) => score < SEEN).length;
  if (likeness === null || unseen > MOST_UNSEEN * spikes.length) return 'spikes not seen';
  const snr = snrOf(scores, spikes);
  const groups = groupsOf(recorded, spikes, filter);
  const matched = spikes.filter(({ at, score }) => isAlike(score, shapeMatch(traces, template, at), likeness)).length;
  takeOut(spikes, { scores, traces }, filter.taps, template);
  const offset = offsetOf(spikes);
  const tailSeen = lookUp(scores, Array.from(tail), samplingRate).map((peak) => ({
    ...peak,
    match: shapeMatch(traces, template, peak.at),
  }));
  const events = candidatesIn({ scores, traces }, template, likeness, samplingRate);
  const zone = inSamples(REFRACTORY_MS, samplingRate);
  const own = spikes.map(({ at }) => at);
  const distances = nearestDistances(
    events.map(({ at }) => at),
    own,
  );
  const candidates = events.filter((_, index) => (distances[index] as number) >= zone.to);
  const counts: Counts = {
    matched,
    unmatched: candidates.length,
    refractory: distances.filter((distance) => distance >= zone.from && distance < zone.to).length,
    outside: Math.max(0, scores.length - 2 * zone.to * own.length),
    inside: refractorySamples(own, zone.from, zone.to),
  };
  return {
    snr,
    spikes,
    unseen,
    groups,
    tail: tailSeen,
    likeness,
    candidates: candidates.map(({ at, score }) => ({ at: at - offset, score })),
    counts,
  };
}

function snrOf(scores: Float32Array, spikes: readonly SeenSpike[]): number {
  const sorted = spikes.map(({ score }) => score).sort((a, b) => a - b);
  return (sorted[sorted.length >> 1] as number) / medianMad(scores).mad;
}

/** Only of spikes that the array saw: artefacts are no second cell. */
const groupsOf = ({ traces, template }: Recorded, spikes: readonly SeenSpike[], filter: MatchedFilter) =>
  twoGroups(
    traces,
    spikes.filter(({ score }) => score >= SEEN),
    template,
    filter.covariance,
  );

/** How much later the array shows a spike than the pipette. */
function offsetOf(spikes: readonly SeenSpike[]): number {
  const offsets = spikes.map(({ at, spike }) => at - spike).sort((a, b) => a - b);
  return offsets[offsets.length >> 1] ?? 0;
}

const inSamples = ({ from, to }: typeof REFRACTORY_MS, samplingRate: number) => ({
  from: Math.round((from * samplingRate) / 1000),
  to: Math.round((to * samplingRate) / 1000),
});

/** Score over which a peak below the pipette's threshold is the cell's: the array shows its spike there. */
const OWN = 0.6;

/** Whose a peak below the threshold is, if the array sees the cell well; between the cell's score and nothing, nobody knows. */
export function whoseIs({ score }: SeenSpike): 'cell' | 'another' | 'unknown' {
  if (score >= OWN) return 'cell';
  return score < SEEN ? 'another' : 'unknown';
}
