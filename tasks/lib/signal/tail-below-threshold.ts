import { isMixed } from './height-valley.ts';
import { type Estimate, poissonDifference, poissonMean } from './poisson-difference.ts';
import type { Share } from './share.ts';
import { fitOfMoments, phi } from './truncated-gaussian.ts';

export interface TailSample {
  /** Peaks below the detection level that stand out of the noise, either side of the baseline: the table `below_threshold`. */
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
  /** Distance of the detection level from the baseline, and of where the tail begins. */
  readonly level: number;
  readonly from: number;
  readonly samplingRate: number;
  /** The share of the cell's own peaks that are left among these; all unless given. */
  readonly kept?: Share;
}

const ALL: Share = { value: 1, low: 1, high: 1 };

/** Counts of spikes below the threshold. */
export interface Tail extends TailCount {
  /** Excess peaks in the last MAD below the detection level. */
  readonly densityBelow: Estimate;
  /** Spikes in the first MAD beyond it. */
  readonly densityBeyond: Estimate;
  /** Whether the spikes' own distribution goes on below the level, so that the excess is theirs. */
  readonly continues: boolean;
  /** Peaks found 2 to 15 ms after a detected spike, and how many there would be at random. */
  readonly following: { readonly found: number; readonly expected: number };
  /** Whether so many follow that they are the cell's own: spikelets, or the later spikes of bursts. */
  readonly follows: boolean;
  /** Whether they and the spikes are of more than one size, so that another cell's may be among them. */
  readonly mixed: boolean;
  /** The same of the samples [start, end), which hold the spikes of rows [first, last), with intervals of `z` standard errors. */
  within(window: Stretch, z: number): TailCount;
}

export interface TailCount {
  /** Peaks in the band on the side of the spikes, and on the other. */
  readonly found: number;
  readonly mirrored: number;
  /** Spikes seen to be missing, as a share of all, the detected and these. */
  readonly share: Estimate;
  /** The same with those that lie too low to be seen: their number is bounded, if the heights have one mode above the band. */
  readonly missed: Estimate;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Least density just beyond the level, as a share of that just below, of what goes on through it. The trace's noise alone
 * spreads a cell's peaks by 1 MAD; a Gaussian that narrow falls to a quarter across the level when 93 % of it lie below.
 * What falls more steeply is another cell that ends below, or one that is hardly detected at all.
 */
const LEAST_SHARE_BEYOND = 0.25;
/** Seconds after a spike in which spikelets and the rest of a burst come; at first its own waves do. */
const FOLLOWING = [0.002, 0.015] as const;
/** That many follow, three times what chance gives, and as a share of the spikes: then they are no other cell's. */
const FEWEST_FOLLOWING = 10;
const TIMES_FOLLOWING = 3;
const SHARE_FOLLOWING = 0.01;
const Z95 = 1.959963984540054;

/** A peak in the band: its height over the baseline in MADs; negative weight where it is mirrored, for it stands for noise. */
interface Peak {
  readonly at: number;
  readonly height: number;
  readonly mirrored: boolean;
}

/**
 * Measures the missing tail itself, where a fit can only extrapolate to it. Null when it cannot be looked at: no MAD, or
 * no peak at all, or no band between the level and where the tail begins.
 *
 * Noise is taken to be symmetric about the baseline, so that chance puts as many peaks on the side of the spikes as are
 * mirrored. Peaks of another, smaller cell lie in the band too: only `continues` and `follows` say that they are this cell's.
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
    continues: densityBelow.low > 0 && densityBeyond.estimate >= LEAST_SHARE_BEYOND * densityBelow.estimate,
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
      following.found >=
      Math.max(FEWEST_FOLLOWING, TIMES_FOLLOWING * following.expected, SHARE_FOLLOWING * heights.length),
    within: ({ start, end, first, last: end_row }, z) =>
      countOf(
        peaks.filter(({ at }) => at >= start && at < end),
        heights.subarray(first, end_row),
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
  // With one mode above the band the density falls towards the baseline: it is no higher there than in the band, nor than at its lower end.
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

/** How many more there might have been by chance than were found: the upper end of a Poisson mean, one-sided, less the count. */
const missable = (count: number, z: number): number => ((z * z) / 2 + z * Math.sqrt(count + (z * z) / 4)) * ONE_SIDED;
/** Of no event the mean is under 3.0 with 95 %, of which the two-sided interval makes 3.84. */
const ONE_SIDED = 0.78;

/**
 * How many of the found peaks are spikes: all but the noise among them, which is as much as is mirrored, give or take the chance of both. Those found
 * are counted, not estimated, so that their own chance does not enter.
 */
function excessOf(found: number, mirrored: number, z: number): Estimate {
  const middle = mirrored + (z * z) / 2;
  const reach = z * Math.sqrt(2 * mirrored + (z * z) / 4);
  const spikes = (noise: number) => Math.max(0, found - noise);
  return { estimate: spikes(mirrored), low: spikes(middle + reach), high: spikes(Math.max(0, middle - reach)) };
}

/** How many lie under `from` by a Gaussian fitted from there on to spikes and peaks, of that weight, less the moments of the mirrored ones. */
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
  // Time after spikes, and all time in which peaks are looked for.
  let [following, all] = [0, 0];
  for (let i = 0; i + 1 < at.length; i++) {
    const clear = Math.max(0, (at[i + 1] as number) - (at[i] as number) - 2 * from);
    following += Math.min(clear, to - from);
    all += clear;
  }
  return { found, expected: all > 0 ? (peaks.length * following) / all : 0 };
}
