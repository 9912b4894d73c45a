import { type Estimate, poissonDifference, poissonMean } from './poisson-difference.ts';

export interface TailSample {
  /** Peaks below the detection level that stand out of the noise, either side of the baseline: the table `below_threshold`. */
  readonly below: { readonly amplitude: Float32Array; readonly mirrored: readonly boolean[] };
  /** Amplitudes of the detected spikes. */
  readonly spikes: Float32Array;
  /** Median and MAD of the trace, in its unit. */
  readonly baseline: number;
  readonly mad: number;
  /** Distance of the detection level from the baseline. */
  readonly level: number;
}

/** What was seen of the spikes below the threshold; intervals are 95 %. */
export interface Tail {
  /** Peaks in the band on the side of the spikes, and on the other. */
  readonly found: number;
  readonly mirrored: number;
  /** Peaks found beyond what noise gives. */
  readonly excess: Estimate;
  /** The same as a share of all spikes, the detected and these. Its low end is a lower bound of the missed share. */
  readonly share: Estimate;
  /** Excess peaks in the last MAD below the detection level. */
  readonly densityBelow: Estimate;
  /** Spikes in the first MAD beyond it. */
  readonly densityBeyond: Estimate;
  /** Whether the spikes' own distribution goes on below the level, so that the excess is theirs. */
  readonly continues: boolean;
}

/**
 * Least density just beyond the level, as a share of that just below, of what goes on through it. The trace's noise alone
 * spreads a cell's peaks by 1 MAD; a Gaussian that narrow falls to a quarter across the level when 93 % of it lie below.
 * What falls more steeply is another cell that ends below, or one that is hardly detected at all.
 */
const LEAST_SHARE_BEYOND = 0.25;

/**
 * Measures the missing tail itself, where a fit can only extrapolate to it. Null when it cannot be looked at: no MAD, or
 * no peak at all.
 *
 * Noise is taken to be symmetric about the baseline, so that chance puts as many peaks on the side of the spikes as are
 * mirrored; both counts are Poisson. The positive wave that follows a missed spike may count as mirrored, which makes the
 * excess smaller; spikes lower than the band, or close to another one, are not seen: both keep the share below the true
 * one. But peaks of another, smaller cell lie in the band too, and only `continues` tells them apart: the share says
 * something about the detected cell where that is true. A second cell whose own peaks reach over the level looks the same.
 */
export function tailBelowThreshold({ below, spikes, baseline, mad, level }: TailSample): Tail | null {
  if (!(mad > 0)) return null;
  const height = (amplitude: number): number => Math.abs(amplitude - baseline);
  const counts = { found: 0, mirrored: 0, foundLast: 0, mirroredLast: 0, beyond: 0 };
  for (const [row, amplitude] of below.amplitude.entries()) {
    const last = height(amplitude) > level - mad;
    if (below.mirrored[row]) {
      counts.mirrored++;
      if (last) counts.mirroredLast++;
    } else {
      counts.found++;
      if (last) counts.foundLast++;
    }
  }
  for (const amplitude of spikes) if (height(amplitude) <= level + mad) counts.beyond++;

  const { found, mirrored } = counts;
  if (spikes.length + found === 0) return null;
  const excess = poissonDifference(found, mirrored);
  const share = mapEstimate(excess, (missed) => (missed === 0 ? 0 : missed / (spikes.length + missed)));
  const densityBelow = poissonDifference(counts.foundLast, counts.mirroredLast);
  const densityBeyond = poissonMean(counts.beyond);
  const continues = densityBelow.low > 0 && densityBeyond.estimate >= LEAST_SHARE_BEYOND * densityBelow.estimate;
  return { found, mirrored, excess, share, densityBelow, densityBeyond, continues };
}

function mapEstimate({ estimate, low, high }: Estimate, map: (value: number) => number): Estimate {
  return { estimate: map(estimate), low: map(low), high: map(high) };
}
