import { type Estimate, poissonDifference, poissonMean } from '../statistics/poisson-difference.ts';
import type { Share } from '../statistics/share.ts';
import { fitOfMoments, phi } from '../statistics/truncated-gaussian.ts';
import { isMixed } from './height-valley.ts';

export interface TailSample {
  /** Peaks below the detection level that stand out of the noise, on both sides of the baseline: the table `below_threshold`. */
  readonly below: {
    readonly at: ArrayLike<number>;
    readonly amplitude: Float32Array;
    readonly mirrored: readonly boolean[];
  };
  /** The detected spikes, in order of time. */
  readonly spikes: { readonly at: ArrayLike<number>; readonly amplitude: Float32Array };
  /** Median and MAD of the trace, in its unit. */
  readonly baseline: number;
  readonly mad: number;
  /** Distance of the detection level from the baseline. */
  readonly level: number;
  /** Distance of the tail's lower end from the baseline. */
  readonly from: number;
  readonly samplingRate: number;
  /** Share of the cell's peaks that are among these; by default all. */
  readonly kept?: Share;
}

const ALL: Share = { value: 1, low: 1, high: 1 };

/** Counts of spikes below the threshold. */
export interface Tail extends TailCount {
  /** Excess peaks in the last MAD below the detection level. */
  readonly densityBelow: Estimate;
  /** Spikes in the first MAD beyond the detection level. */
  readonly densityBeyond: Estimate;
  /** Whether the spikes' distribution continues below the level, so that the excess belongs to the cell. */
  readonly continues: boolean;
  /** Number of peaks 2 to 15 ms after a detected spike, and the number expected by chance. */
  readonly following: { readonly found: number; readonly expected: number };
  /** Whether so many peaks follow spikes that they belong to the cell: spikelets, or the later spikes of bursts. */
  readonly follows: boolean;
  /** Whether these peaks and the spikes have more than one size, so that another cell's may be among them. */
  readonly mixed: boolean;
  /** Counts in the samples [start, end), which hold the spikes of rows [first, last), with intervals of `z` standard errors. */
  within(window: Stretch, z: number): TailCount;
}

export interface TailCount {
  /** Peaks in the band with the sign of the spikes. */
  readonly found: number;
  /** Peaks in the band with the opposite sign. */
  readonly mirrored: number;
  /** Excess peaks in the band, as a share of these and the detected spikes. */
  readonly share: Estimate;
  /** The share including spikes below the band; their number is bounded if the heights have a single mode above the band. */
  readonly missed: Estimate;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Smallest density just beyond the level, as a share of that just below, of a distribution that crosses the level. The
 * trace's noise alone spreads a cell's peaks by 1 MAD; a Gaussian that narrow falls to a quarter across the level if 93 %
 * of it lie below. A steeper fall is another cell that ends below, or a cell that is hardly detected at all.
 */
const MIN_SHARE_BEYOND = 0.25;
/** Seconds after a spike in which spikelets and the rest of a burst occur; the time before shows the spike's own waves. */
const FOLLOWING = [0.002, 0.015] as const;
/** Peaks that follow spikes belong to the cell if there are this many, in number, relative to chance, and per spike. */
const MIN_FOLLOWING = 10;
const MIN_TIMES_CHANCE = 3;
const MIN_PER_SPIKE = 0.01;
const Z95 = 1.959963984540054;

/** A peak in the band, with its height over the baseline in MADs. A mirrored peak stands for noise. */
interface Peak {
  readonly at: number;
  readonly height: number;
  readonly mirrored: boolean;
}

/**
 * Measures the missing tail itself, to which a fit can only extrapolate. Null if that is impossible: no MAD, no peak at
 * all, or no band below the level.
 *
 * Noise is assumed to be symmetric about the baseline, so that it makes as many peaks on the side of the spikes as on the
 * other. Peaks of another, smaller cell are in the band too; only `continues` and `follows` show that they are this cell's.
 */
export function tailBelowThreshold(sample: TailSample): Tail | null {
  const { below, spikes, baseline, mad, level, from } = sample;
  if (!(mad > 0) || !(level > from)) return null;
  const top = level / mad;
  const height = (amplitude: number): number => Math.abs(amplitude - baseline) / mad;
  const peaks = Array.from(below.amplitude, (amplitude, row): Peak => {
    return { at: below.at[row] as number, height: height(amplitude), mirrored: below.mirrored[row] === true };
  });
  const heights = Float64Array.from(spikes.amplitude, height);
  const band = { from: from / mad, top, kept: sample.kept ?? ALL };
  const whole = countOf(peaks, heights, band, Z95);
  if (heights.length + whole.found === 0) return null;
  const last = peaks.filter((peak) => peak.height > top - 1);
  const densityBelow = poissonDifference(last.filter(isFound).length, last.length - last.filter(isFound).length);
  const densityBeyond = poissonMean(heights.filter((value) => value <= top + 1).length);
  const following = followingOf(peaks.filter(isFound), sample);
  return {
    ...whole,
    densityBelow,
    densityBeyond,
    continues: densityBelow.low > 0 && densityBeyond.estimate >= MIN_SHARE_BEYOND * densityBelow.estimate,
    following,
    mixed: isMixed(
      {
        spikes: heights,
        found: peaks.filter(isFound).map((peak) => peak.height),
        mirrored: peaks.filter((peak) => !isFound(peak)).map((peak) => peak.height),
      },
      band,
    ),
    follows:
      following.found >= Math.max(MIN_FOLLOWING, MIN_TIMES_CHANCE * following.expected, MIN_PER_SPIKE * heights.length),
    within: (window, z) =>
      countOf(
        peaks.filter(({ at }) => at >= window.start && at < window.end),
        heights.subarray(window.first, window.last),
        band,
        z,
      ),
  };
}

const isFound = ({ mirrored }: Peak): boolean => !mirrored;

function countOf(
  peaks: readonly Peak[],
  heights: Float64Array,
  { from, top, kept }: { readonly from: number; readonly top: number; readonly kept: Share },
  z: number,
): TailCount {
  const found = peaks.filter(isFound).length;
  const mirrored = peaks.length - found;
  const left = excessOf(found, mirrored, z);
  const seen = { estimate: left.estimate / kept.value, low: left.low / kept.high, high: left.high / kept.low };
  const low = peaks.filter(({ height }) => height < from + 1);
  const foundLow = low.filter(isFound).length;
  // With a single mode above the band the density falls towards the baseline: below the band it is at most that at its
  // lower end, and at most that of the whole band.
  const lowest = (excessOf(foundLow, low.length - foundLow, z).high + missable(foundLow, z)) / kept.low;
  const average = (seen.high + missable(found, z) / kept.low) / (top - from);
  const most = from * Math.min(lowest, average);
  const hidden = Math.min(most, hiddenBy(peaks, heights, { from, weight: 1 / kept.value }));
  const share = (missed: number) => (missed === 0 ? 0 : missed / (heights.length + missed));
  return {
    found,
    mirrored,
    share: { estimate: share(seen.estimate), low: share(seen.low), high: share(seen.high) },
    missed: {
      estimate: share(seen.estimate + hidden),
      low: share(seen.low),
      high: share(seen.high + most),
    },
  };
}

/** Number that chance may have hidden: the one-sided upper end of a Poisson mean, less the count. */
const missable = (count: number, z: number): number => ((z * z) / 2 + z * Math.sqrt(count + (z * z) / 4)) * ONE_SIDED;
/** Ratio of one-sided to two-sided limit: for a count of 0 the mean is below 3.0 with 95 %; the two-sided limit is 3.84. */
const ONE_SIDED = 0.78;

/**
 * Estimates the number of spikes among the found peaks: all but the noise, which is as frequent as mirrored peaks, with the
 * chance of both. The found peaks are counted, not estimated, so their own chance does not matter.
 */
function excessOf(found: number, mirrored: number, z: number): Estimate {
  const middle = mirrored + (z * z) / 2;
  const reach = z * Math.sqrt(2 * mirrored + (z * z) / 4);
  const spikes = (noise: number) => Math.max(0, found - noise);
  return { estimate: spikes(mirrored), low: spikes(middle + reach), high: spikes(Math.max(0, middle - reach)) };
}

/**
 * Estimates the number below `from` by a Gaussian fitted to spikes and peaks above, minus the moments of mirrored peaks. Each
 * peak counts with `weight`.
 */
function hiddenBy(
  peaks: readonly Peak[],
  heights: Float64Array,
  { from, weight }: { readonly from: number; readonly weight: number },
): number {
  let [n, s1, s2] = [0, 0, 0];
  const add = (y: number, weight: number) => {
    n += weight;
    s1 += weight * y;
    s2 += weight * y * y;
  };
  for (const value of heights) add(value - from, 1);
  for (const { height, mirrored } of peaks) add(height - from, mirrored ? -weight : weight);
  if (!(n >= 3) || !(s1 > 0) || !(n * s2 > s1 * s1)) return 0;
  const { alpha } = fitOfMoments(n, s1, s2);
  return (n * phi(alpha)) / phi(-alpha);
}

function followingOf(peaks: readonly Peak[], { spikes, samplingRate }: TailSample): Tail['following'] {
  const { at } = spikes;
  if (at.length < 2) return { found: 0, expected: 0 };
  const [from, to] = FOLLOWING.map((seconds) => seconds * samplingRate) as [number, number];
  let [row, found] = [0, 0];
  for (const peak of peaks) {
    while (row < at.length && (at[row] as number) < peak.at) row++;
    if (row > 0 && peak.at - (at[row - 1] as number) <= to) found++;
  }
  // `following` is the time after spikes, `all` the whole time in which peaks are searched.
  let [following, all] = [0, 0];
  for (let i = 0; i + 1 < at.length; i++) {
    const clear = Math.max(0, (at[i + 1] as number) - (at[i] as number) - 2 * from);
    following += Math.min(clear, to - from);
    all += clear;
  }
  return { found, expected: all > 0 ? (peaks.length * following) / all : 0 };
}
