/** What may say that a recording lost spikes: the verdict, and single measures with the limits at which they are used. */
import { defaultLimits } from '../verdict/limits.ts';
import { areaUnder, type RocPoint, rocCurve } from './roc-curve.ts';

/** What is known and said of one recording. */
export interface Testimony {
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
  /** The one in use: what scores over it is flagged. */
  readonly limit: number;
  /** The higher, the more it speaks for missing spikes; null where it says nothing. */
  readonly score: (testimony: Testimony) => number | null;
}

export interface Rated extends Witness {
  /** Recordings on which it said something: those that lost spikes, and those that did not. */
  readonly positives: number;
  readonly negatives: number;
  readonly area: number;
  /** Shares flagged at the limit; `between` of those that lost a little. */
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly between: number;
  readonly curve: readonly RocPoint[];
}

/** Recordings that lost this share or more should be found; those that lost so few are as good as complete. */
export const LOST = 0.1;
export const COMPLETE = 0.01;

/** What cannot be estimated, because the mode is at the threshold, counts as all missing: no recording passes on it. */
const orAll = (value: number | null): number => value ?? 1;
const VERDICTS = ['accept', 'borderline', 'reject'];
const byVerdict = ({ verdict }: Testimony): number => VERDICTS.indexOf(verdict);
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

/** Rates one witness on recordings of which some lost spikes and some did not. */
export function rate(witness: Witness, testimonies: readonly Testimony[]): Rated {
  const scores = (which: (missed: number) => boolean) =>
    testimonies.flatMap((testimony) => (which(testimony.missed) ? (witness.score(testimony) ?? []) : []));
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
