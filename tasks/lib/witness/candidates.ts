/** Finds the events at which the array shows the cell without a spike of the pipette. */
import type { Template } from './electrodes.ts';
import type { SeenSpike } from './score.ts';
import { shapeMatch } from './shape-match.ts';

/** An event on the array; `match` is the cosine between its shape and the waveform. */
export interface ArrayEvent {
  readonly at: number;
  readonly score: number;
  readonly match: number;
}

/** Ranges of the cell's own spikes on the array: an event within them may be a spike of the cell. */
export interface Likeness {
  /** The least score: 95 % of the cell's own spikes have more. */
  readonly leastScore: number;
  /** The largest score, a little over nearly all of the cell's own. */
  readonly mostScore: number;
  /** The least cosine between an event and the waveform. */
  readonly leastMatch: number;
}

/** A spike of the pipette's list with a lower score was not seen by the array: it is an artefact or another cell's. */
export const SEEN_SCORE = 0.4;

/** Events with a lower score are ignored, however small the cell's own spikes may be. */
const LEAST_SCORE = 0.3;
/** The least score of the later spikes of a burst: smaller spikes are lost among other cells'. */
const LEAST_IN_BURST = 0.6;

/** Peaks closer than this count as a single event, in ms. */
const APART_MS = 0.5;

/** Measures the pipette's spikes that the array saw, on traces that still hold them. Null without any such spike. */
export function likenessOf(
  spikes: readonly SeenSpike[],
  traces: readonly Float32Array[],
  template: Template,
): Likeness | null {
  const seen = spikes.filter(({ score }) => score > SEEN_SCORE);
  const matches = seen.map(({ at }) => shapeMatch(traces, template, at)).filter((match) => !Number.isNaN(match));
  const scores = seen.map(({ score }) => score).sort((a, b) => a - b);
  matches.sort((a, b) => a - b);
  const [low, top, match] = [quantile(scores, 0.05), quantile(scores, 0.995), quantile(matches, 0.05)];
  if (low === undefined || top === undefined || match === undefined) return null;
  return { leastScore: Math.max(LEAST_SCORE, low), mostScore: 1.1 * top, leastMatch: match };
}

const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

type SizeAndShape = Pick<ArrayEvent, 'score' | 'match'>;

/** Tells whether an event is as clear on the array as most of the pipette's spikes. */
export const isAlike = ({ score, match }: SizeAndShape, { leastScore, mostScore, leastMatch }: Likeness): boolean =>
  score >= leastScore && score <= mostScore && match >= leastMatch;

/**
 * Tells whether an event of any size has the cell's shape, as far as the noise allows: noise that lowers the cosine of a spike of size 1
 * to m lowers that of a spike of size s to s / sqrt(s^2 + 1 / m^2 - 1).
 */
export function isShaped({ score, match }: SizeAndShape, { leastMatch }: Likeness): boolean {
  const size = Math.min(1, score);
  return size > 0 && match >= size / Math.sqrt(size * size + 1 / (leastMatch * leastMatch) - 1);
}

/** Tells whether an event has the cell's shape, and is as small as the later spikes of its bursts. */
export const isSmaller = (event: SizeAndShape, likeness: Likeness): boolean =>
  event.score >= LEAST_IN_BURST && event.score < likeness.leastScore && isShaped(event, likeness);

/** Finds events that may be the cell's, ascending. The pipette's own spikes must be subtracted from scores and traces before. */
export function eventsIn(
  { scores, traces }: { readonly scores: Float32Array; readonly traces: readonly Float32Array[] },
  template: Template,
  likeness: Likeness,
  samplingRate: number,
): ArrayEvent[] {
  const apart = Math.round((APART_MS * samplingRate) / 1000);
  const least = Math.min(likeness.leastScore, LEAST_IN_BURST);
  return highestOf(peaksIn(scores, least), apart).map((peak) => ({
    ...peak,
    match: shapeMatch(traces, template, peak.at),
  }));
}

type Peak = Omit<ArrayEvent, 'match'>;

function peaksIn(scores: Float32Array, least: number): Peak[] {
  const peaks: Peak[] = [];
  for (let at = 1; at + 1 < scores.length; at++) {
    const score = scores[at] as number;
    if (score >= least && score > (scores[at - 1] as number) && score >= (scores[at + 1] as number)) {
      peaks.push({ at, score });
    }
  }
  return peaks;
}

/** Keeps the highest of the peaks within `apart` samples of each other; ascending in, ascending out. */
function highestOf(peaks: readonly Peak[], apart: number): Peak[] {
  const kept: Peak[] = [];
  for (const peak of peaks) {
    const last = kept.at(-1);
    if (last === undefined || peak.at - last.at > apart) kept.push(peak);
    else if (peak.score > last.score) kept[kept.length - 1] = peak;
  }
  return kept;
}
