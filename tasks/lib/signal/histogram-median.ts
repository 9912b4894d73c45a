/**
 * Exact median and MAD of 16-bit values from how often each occurs: in one pass over the values, however
 * many there are. Equal to NumPy's on the same values as float64, and to tridesclous.tools.median_mad.
 */

/** Every uint16. */
export const histogramBins = 65536;

/** The literal by which the notebook turns a median absolute deviation into a standard deviation. */
const gaussian = 1.4826;

/**
 * Median of the `total` values counted in `counts`, the two middle ones averaged where their number is even,
 * and median of |value - median| times 1.4826.
 *
 * @param counts how often value `v` occurs, at `v`; not 0 only from `low` to `high`, both included.
 * @param total the sum of these counts, over 0.
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

  // Outwards from the median, the nearer of the two sides first: values in order of their deviation.
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
  return { median, mad: ((deviation + upper) / 2) * gaussian };
}

const at = (counts: Uint32Array, value: number): number => counts[value] ?? 0;
