import exp from '@stdlib/math-base-special-exp';

const BINS = 100;
/** Smallest mean number of spikes per bin. */
const MIN_SPIKES_PER_BIN = 5;
/** Standard deviation of the smoothing in bins, and the number of standard deviations summed on either side. */
const SMOOTHING = 3;
const TRUNCATE = 4;
const MAX_CUTOFF = 0.5;

/**
 * The field's usual estimate of the missed share: `amplitude_cutoff` of SpikeInterface 0.104 (earlier versions used the
 * largest spikes, see its issue 4352), after the Allen Institute. It assumes a symmetric histogram: the share missing
 * below the lowest bin equals the share above the bin of the same height on the other side. It ignores the threshold.
 * At most 0.5; null under 500 spikes. SciPy smooths the counts as integers, so each sum is truncated.
 */
export function amplitudeCutoff(beyond: Float64Array): number | null {
  if (beyond.length < BINS * MIN_SPIKES_PER_BIN) return null;
  const smoothed = smoothedCounts(histogram(beyond));
  const lowest = smoothed[0] as number;
  const symmetric = smoothed.findLastIndex((count) => count >= lowest);
  const missed = smoothed.slice(symmetric + 1).reduce((sum, count) => sum + count, 0);
  return Math.min(MAX_CUTOFF, missed / (beyond.length + missed));
}

function histogram(values: Float64Array): Float64Array {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const counts = new Float64Array(BINS);
  for (const value of values) {
    const bin = high > low ? Math.floor(((value - low) / (high - low)) * BINS) : 0;
    const at = Math.min(BINS - 1, bin);
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

/** Smooths with a Gaussian; beyond its ends the histogram continues with its last count. */
function smoothedCounts(counts: Float64Array): Float64Array {
  const reach = TRUNCATE * SMOOTHING;
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    exp(-((i - reach) * (i - reach)) / (2 * SMOOTHING * SMOOTHING)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return counts.map((_, bin) => {
    let sum = 0;
    for (const [i, weight] of weights.entries()) {
      const at = Math.max(0, Math.min(counts.length - 1, bin + i - reach));
      sum += (weight / total) * (counts[at] as number);
    }
    return Math.trunc(sum);
  });
}
