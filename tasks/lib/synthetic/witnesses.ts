/** The witnesses of lost spikes: the verdict, and single measures with their usual limits. */
import { defaultLimits } from '../verdict/limits.ts';
import { areaUnder, type RocPoint, rocCurve } from './roc-curve.ts';

/** A recording's true missed share, the verdict on it, and its measures. */
export interface RatedRecording {
  readonly missed: number;
  readonly verdict: string;
  readonly edgeFraction: number | null;
  readonly missedFraction: number | null;
  readonly inWindows: number | null;
  readonly amplitudeCutoff: number | null;
  readonly uncutGaussian: number | null;
}

export interface Witness {
  readonly name: string;
  /** The limit in use: recordings that score over it are flagged. */
  readonly limit: number;
  /** Higher scores speak for missing spikes; null if the witness has no answer. */
  readonly score: (testimony: RatedRecording) => number | null;
}

export interface Rated extends Witness {
  /** Recordings with an answer of the witness: those that lost spikes, and those that did not. */
  readonly positives: number;
  readonly negatives: number;
  readonly area: number;
  /** Shares flagged at the limit; `between` of those that lost a little. */
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly between: number;
  readonly curve: readonly RocPoint[];
}

/** Recordings that lost the share `LOST` or more should be found; those that lost `COMPLETE` or less count as complete. */
export const LOST = 0.1;
export const COMPLETE = 0.01;

/** A share that cannot be estimated, because the mode is at the threshold, counts as 1: no recording passes on it. */
const orAll = (value: number | null): number => value ?? 1;
const VERDICTS = ['accept', 'borderline', 'reject'];
const byVerdict = ({ verdict }: RatedRecording): number => VERDICTS.indexOf(verdict);
const { maximum_missed_fraction: missed, maximum_edge_fraction: edge } = defaultLimits;

export const witnesses: readonly Witness[] = [
  { name: 'reject', limit: VERDICTS.indexOf('borderline'), score: byVerdict },
  { name: 'reject_or_borderline', limit: VERDICTS.indexOf('accept'), score: byVerdict },
  { name: 'edge_fraction', limit: edge, score: ({ edgeFraction }) => orAll(edgeFraction) },
  { name: 'missed_fraction', limit: missed, score: ({ missedFraction }) => orAll(missedFraction) },
  { name: 'missed_fraction_in_windows', limit: missed, score: ({ inWindows }) => orAll(inWindows) },
  // The limit of the Allen Institute and of its successors.
  { name: 'amplitude_cutoff', limit: 0.1, score: ({ amplitudeCutoff }) => amplitudeCutoff },
  { name: 'uncut_gaussian', limit: missed, score: ({ uncutGaussian }) => uncutGaussian },
];

/** Rates a witness on recordings of which some lost spikes and some did not. */
export function rate(witness: Witness, testimonies: readonly RatedRecording[]): Rated {
  const scores = (isChosen: (missed: number) => boolean) =>
    testimonies.flatMap((testimony) => (isChosen(testimony.missed) ? (witness.score(testimony) ?? []) : []));
  const positives = scores((share) => share >= LOST);
  const negatives = scores((share) => share <= COMPLETE);
  const flagged = (of: readonly number[]) => of.filter((score) => score > witness.limit).length / of.length;
  const curve = rocCurve(positives, negatives);
  return {
    ...witness,
    positives: positives.length,
    negatives: negatives.length,
    area: areaUnder(curve),
    truePositive: flagged(positives),
    falsePositive: flagged(negatives),
    between: flagged(scores((share) => share > COMPLETE && share < LOST)),
    curve,
  };
}
