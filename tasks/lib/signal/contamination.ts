import type { Estimate } from './poisson-difference.ts';
import { poissonMean } from './poisson-difference.ts';

export interface ContaminationRule {
  readonly length: number;
  readonly samplingRate: number;
  /** Samples after a spike in which the detector finds no other. */
  readonly censored: number;
}

/** Refractory periods that are tried, in ms: no cell's is shorter, and the one that explains most is believed. */
const PERIODS = [1, 1.25, 1.5, 1.75, 2, 2.25, 2.5];

/**
 * The share of the spikes that are not the cell's, from spikes that follow another within a refractory period: of N spikes in the time T, with V such pairs,
 * (1 - C)^2 = 1 - V T / (N^2 tau), if the others fire independently (Llobet et al. 2022). Which period is the cell's is not known: the smallest
 * share over several is taken, with its own interval, for pairs come by chance. Null where nothing is known: fewer than two spikes.
 */
export function contamination(spikes: ArrayLike<number>, rule: ContaminationRule): Estimate | null {
  const { length, samplingRate, censored } = rule;
  const n = spikes.length;
  const time = length - 2 * n * censored;
  if (n < 2 || !(time > 0)) return null;
  const intervals = Float64Array.from(
    { length: n - 1 },
    (_, row) => (spikes[row + 1] as number) - (spikes[row] as number),
  ).sort();
  const shareOf = (pairs: number, tau: number): number => {
    const left = 1 - (pairs * time) / (n * n * tau);
    return left <= 0 ? 1 : 1 - Math.sqrt(left);
  };
  let least: Estimate | null = null;
  for (const ms of PERIODS) {
    const period = (ms * samplingRate) / 1000;
    const tau = period - censored;
    if (!(tau > 0)) continue;
    const pairs = poissonMean(intervals.filter((interval) => interval < period).length);
    const estimate = {
      estimate: shareOf(pairs.estimate, tau),
      low: shareOf(pairs.low, tau),
      high: shareOf(pairs.high, tau),
    };
    if (least === null || estimate.high < least.high) least = estimate;
  }
  return least;
}
