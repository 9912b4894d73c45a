/** Moments at which the array alone shows the cell. */
import type { Template } from './electrodes.ts';
import type { SeenSpike } from './score.ts';
import { shapeMatch } from './shape-match.ts';

export interface Candidate {
  readonly at: number;
  readonly score: number;
}

/** What the cell's own spikes look like, so that another event can be taken for one of them. */
export interface Likeness {
  /** The least score: 95 % of the cell's own spikes have more. */
  readonly leastScore: number;
  /** The largest score, a little over nearly all of the cell's own. */
  readonly mostScore: number;
  /** The least cosine between an event and the waveform. */
  readonly leastMatch: number;
}

/** A spike of the pipette's list with a lower score was not seen by the array: an artefact, or another cell's. */
export const SEEN = 0.4;

/** No event with a lower score is looked at, however small the cell's own may be. */
const LEAST_SCORE = 0.3;

/** Peaks closer than this are one event, in ms. */
const APART_MS = 0.5;

/** From the pipette's spikes that the array saw; needs the traces with the spikes in them. Null without any. */
export function likenessOf(
  spikes: readonly SeenSpike[],
  traces: readonly Float32Array[],
  template: Template,
): Likeness | null {
  const seen = spikes.filter(({ score }) => score > SEEN);
  const matches = seen.map(({ at }) => shapeMatch(traces, template, at)).filter((match) => !Number.isNaN(match));
  const scores = seen.map(({ score }) => score).sort((a, b) => a - b);
  matches.sort((a, b) => a - b);
  const [low, top, match] = [quantile(scores, 0.05), quantile(scores, 0.995), quantile(matches, 0.05)];
  if (low === undefined || top === undefined || match === undefined) return null;
  return { leastScore: Math.max(LEAST_SCORE, low), mostScore: 1.1 * top, leastMatch: match };
}

const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/** Whether one of the pipette's spikes is as clear on the array as a candidate has to be. */
export const isAlike = (score: number, match: number, { leastScore, mostScore, leastMatch }: Likeness): boolean =>
  score >= leastScore && score <= mostScore && match >= leastMatch;

/** Events of the scores that look like the cell, ascending; the pipette's own spikes must be taken out of scores and traces. */
export function candidatesIn(
  { scores, traces }: { readonly scores: Float32Array; readonly traces: readonly Float32Array[] },
  template: Template,
  likeness: Likeness,
  samplingRate: number,
): Candidate[] {
  const apart = Math.round((APART_MS * samplingRate) / 1000);
  return highestOf(peaksIn(scores, likeness.leastScore), apart)
    .filter(({ at, score }) => isAlike(score, shapeMatch(traces, template, at), likeness))
    .sort((a, b) => a.at - b.at);
}

function peaksIn(scores: Float32Array, least: number): Candidate[] {
  const peaks: Candidate[] = [];
  for (let at = 1; at + 1 < scores.length; at++) {
    const score = scores[at] as number;
    if (score >= least && score > (scores[at - 1] as number) && score >= (scores[at + 1] as number)) {
      peaks.push({ at, score });
    }
  }
  return peaks;
}

/** Of peaks within `apart` samples of each other the highest; ascending in, ascending out. */
function highestOf(peaks: readonly Candidate[], apart: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const peak of peaks) {
    const last = kept.at(-1);
    if (last === undefined || peak.at - last.at > apart) kept.push(peak);
    else if (peak.score > last.score) kept[kept.length - 1] = peak;
  }
  return kept;
}
