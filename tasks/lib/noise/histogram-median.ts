/**
 * Computes exact median and MAD of 16-bit values from their counts, in a single pass over any number of values. Equal to
 * NumPy's on the same values as float64, and to tridesclous.tools.median_mad.
 */

/** Number of uint16 values. */
export const HISTOGRAM_BINS = 65536;

/** Turns a median absolute deviation into a standard deviation; this literal, as in the notebook. */
const GAUSSIAN_SCALE = 1.4826;

/**
 * Returns the median of the `total` values counted in `counts`, averaging the two middle values of an even number, and the
 * median of |value - median| times 1.4826.
 *
 * @param counts number of values `v` at index `v`; nonzero only from `low` to `high`, both included.
 * @param total sum of these counts, above 0.
 */
export function histogramMedianMad(
  counts: Uint32Array,
  low: number,
  high: number,
  total: number,
): { median: number; mad: number } {
  const lower = (total - 1) >>> 1;
  const even = total % 2 === 0;

  let value = low;
  let passed = at(counts, value);
  while (passed <= lower) passed += at(counts, ++value);
  let median = value;
  if (even && passed === lower + 1) {
    let next = value + 1;
    while (at(counts, next) === 0) next++;
    median = (value + next) / 2;
  }

  // Walks outwards from the median, always on the nearer side: values come in order of their deviation.
  let below = Math.floor(median);
  let above = below + 1;
  let seen = 0;
  const nextDeviation = (): number => {
    const fromBelow = below < low ? Infinity : median - below;
    const fromAbove = above > high ? Infinity : above - median;
    if (fromBelow <= fromAbove) {
      seen += at(counts, below--);
      return fromBelow;
    }
    seen += at(counts, above++);
    return fromAbove;
  };
  let deviation = nextDeviation();
  while (seen <= lower) deviation = nextDeviation();
  let upper = deviation;
  while (even && seen <= lower + 1) upper = nextDeviation();
  return { median, mad: ((deviation + upper) / 2) * GAUSSIAN_SCALE };
}

const at = (counts: Uint32Array, value: number): number => counts[value] ?? 0;
