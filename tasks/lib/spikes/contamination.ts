import type { Estimate } from '../statistics/poisson-difference.ts';
import { poissonMean } from '../statistics/poisson-difference.ts';

export interface ContaminationRule {
  readonly length: number;
  readonly samplingRate: number;
  /** Dead time of the detector in samples after a spike. */
  readonly censored: number;
}

/** Candidate refractory periods in ms: no cell's is shorter, and the period that gives the smallest share is used. */
const PERIODS = [1, 1.25, 1.5, 1.75, 2, 2.25, 2.5];

/**
 * Estimates the share C of spikes of other cells from pairs of spikes within a refractory period: N spikes in the time T
 * with V such pairs give (1 - C)^2 = 1 - V T / (N^2 tau), if the others fire independently (Llobet et al. 2022). The cell's
 * period is unknown, so the smallest share over several periods is used, with its interval, because pairs vary by chance.
 * Null with fewer than two spikes.
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
  let smallest: Estimate | null = null;
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
    if (smallest === null || estimate.high < smallest.high) smallest = estimate;
  }
  return smallest;
}
