/**
 * Tells whether two cells fired the pipette's spikes: the whitened residuals of the spikes on the array fall into two groups if a second
 * cell, at another place, fired some of them.
 */
import { dot, meanOf, principalScores } from './principal.ts';

export interface TwoGroups {
  /** Ashman's D between the groups: splitting one Gaussian in two gives 2.7. */
  readonly separation: number;
  /** Density between the groups, over that of the lower group's peak. */
  readonly valley: number;
  /** Share of the smaller group. */
  readonly share: number;
  /** Spikes of the smaller group, as indexes into the given spikes. */
  readonly smaller: readonly number[];
}

/** Fewer spikes cannot show groups. */
const LEAST_SPIKES = 50;
/** Directions in which the residuals vary most; more only add noise. */
const DIRECTIONS = 4;
const ROUNDS = 30;

/** Splits the spikes by their residuals. Null with too few spikes. */
export function twoGroups(residuals: readonly Float64Array[]): TwoGroups | null {
  if (residuals.length < LEAST_SPIKES) return null;
  const scores = principalScores(residuals, DIRECTIONS);
  const group = twoMeans(scores);
  const along = projected(scores, group);
  const sides = [0, 1].map((side) => along.filter((_, index) => group[index] === side)) as [number[], number[]];
  if (sides.some((side) => side.length < 2)) return null;
  const [a, b] = sides.map(momentsOf) as [Moments, Moments];
  const separation = (Math.SQRT2 * Math.abs(a.mean - b.mean)) / Math.sqrt(a.variance + b.variance);
  const small = sides[0].length <= sides[1].length ? 0 : 1;
  const smaller = [...group.keys()].filter((index) => group[index] === small);
  return { separation, valley: valleyOf(along, a.mean, b.mean), share: smaller.length / along.length, smaller };
}

/** Clusters by two means, starting from both sides of the mean along the first direction. */
function twoMeans(scores: readonly Float64Array[]): Uint8Array {
  let group = Uint8Array.from(scores, (score) => ((score[0] as number) > 0 ? 1 : 0));
  for (let round = 0; round < ROUNDS; round++) {
    const means = [0, 1].map((side) => centreOf(scores.filter((_, index) => group[index] === side)));
    const [a, b] = means;
    if (a === undefined || b === undefined) return group;
    const next = Uint8Array.from(scores, (score) => (squared(score, b) < squared(score, a) ? 1 : 0));
    if (next.every((side, index) => side === group[index])) return group;
    group = next;
  }
  return group;
}

/** Projects the spikes onto the line through both groups' means. */
function projected(scores: readonly Float64Array[], group: Uint8Array): number[] {
  const means = [0, 1].map((side) => centreOf(scores.filter((_, index) => group[index] === side)));
  const [a, b] = means;
  if (a === undefined || b === undefined) return [];
  const line = b.map((value, k) => value - (a[k] as number));
  const length = Math.sqrt(dot(line, line));
  return scores.map((score) => dot(score, line) / (length || 1));
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

function momentsOf(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (values.length - 1);
  return { mean, variance };
}

const BINS = 20;

/** The lowest bin between two means, over the lower of the bins at the means. */
function valleyOf(values: readonly number[], a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  const width = (high - low) / BINS;
  // Bins overlap by half, and the peaks lie in the middle of the first and the last.
  const counts = Array.from({ length: BINS + 1 }, (_, bin) => {
    const centre = low + bin * width;
    return values.filter((value) => Math.abs(value - centre) <= width).length;
  });
  const peak = Math.min(counts[0] as number, counts[BINS] as number);
  return peak === 0 ? 1 : Math.min(...counts) / peak;
}

const centreOf = (scores: readonly Float64Array[]): Float64Array | undefined =>
  scores.length === 0 ? undefined : meanOf(scores);

const squared = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, k) => sum + (value - (b[k] as number)) * (value - (b[k] as number)), 0);
