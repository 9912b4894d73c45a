/**
 * Computes Hartigan and Hartigan's dip statistic ("The dip test of unimodality", Annals of Statistics 13, 1985): the
 * largest distance between the distribution function of `sorted` (ascending, no NaN) and the nearest unimodal function.
 * Distinct values have a dip of at least 1 / (2 n); two equal point masses have the largest possible dip, 0.25.
 *
 * The modal interval shrinks from the whole range: the function's greatest convex minorant leads up to it and its least
 * concave majorant away from it, and it ends at the largest distance between them. Equal values form a single step, which
 * a unimodal function can have at its mode only; so coarse rounding alone gives a dip.
 */
export function dip(sorted: Float64Array): number {
  const { value, below, upTo } = stepsOf(sorted);
  let modal = { first: 0, last: value.length - 1 };
  let widest = 0;
  while (modal.first < modal.last) {
    const { first, last } = modal;
    const minorant = hull({ x: value, y: below }, first, last, 1);
    const majorant = hull({ x: value, y: upTo }, first, last, -1);
    const apart = furthestApart(minorant, majorant);
    if (apart.distance <= widest) break;
    modal = apart;
    for (let step = first; step < modal.first; step++) {
      widest = Math.max(widest, (upTo[step] as number) - (minorant.height[step - first] as number));
    }
    for (let step = modal.last + 1; step <= last; step++) {
      widest = Math.max(widest, (majorant.height[step - first] as number) - (below[step] as number));
    }
  }
  return sorted.length === 0 ? 0 : widest / (2 * sorted.length);
}

/**
 * Returns the probability that a uniform sample of `n` has a dip at least as large. The uniform distribution is the
 * unimodal distribution hardest to tell from two modes (Hartigan & Hartigan 1985), so for others the p-value is
 * conservative. It comes from simulation: `TABLE`, linearly interpolated. At p = 0.01 it is within 10 % of the truth from
 * n = 50 on, and too high below; the smallest p in the table means that or less.
 */
export function dipPValue(dip: number, n: number): number {
  const scaled = dip * (Math.sqrt(n) + SMALL_SAMPLE);
  const above = TABLE.findIndex(([, quantile]) => scaled < quantile);
  if (above === 0) return 1;
  const [p, quantile] = TABLE.at(above === -1 ? -1 : above - 1) as Quantile;
  const [nextP, next] = TABLE.at(above) as Quantile;
  return next > quantile ? p + ((nextP - p) * (scaled - quantile)) / (next - quantile) : p;
}

/** The dip times (sqrt(n) + 0.65) has nearly the same distribution for all n, as R's table (diptest, qDiptab) shows. */
const SMALL_SAMPLE = 0.65;

type Quantile = readonly [p: number, quantile: number];

/** Quantiles of the scaled dip that are exceeded with probability p, from 400,000 uniform samples of 200 (`randomSource`, seed 1985). */
const TABLE: readonly Quantile[] = [
  [0.999, 0.2165],
  [0.99, 0.2437],
  [0.95, 0.2739],
  [0.9, 0.2925],
  [0.8, 0.3182],
  [0.7, 0.3391],
  [0.6, 0.3586],
  [0.5, 0.3783],
  [0.4, 0.3995],
  [0.3, 0.4241],
  [0.2, 0.4554],
  [0.15, 0.4755],
  [0.1, 0.5023],
  [0.07, 0.5245],
  [0.05, 0.5447],
  [0.03, 0.5727],
  [0.02, 0.5948],
  [0.015, 0.6097],
  [0.01, 0.6304],
  [0.007, 0.6468],
  [0.005, 0.6627],
  [0.003, 0.6845],
  [0.002, 0.7018],
  [0.001, 0.7328],
  [0.0005, 0.7596],
  [0.0002, 0.7953],
  [0.0001, 0.8263],
];

/** The distribution function: for each distinct value, the number of values below it, and up to it. */
function stepsOf(sorted: Float64Array) {
  const value = new Float64Array(sorted.length);
  const below = new Float64Array(sorted.length + 1);
  let steps = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    value[steps] = sorted[i] as number;
    below[steps++] = i;
  }
  below[steps] = sorted.length;
  return { value: value.subarray(0, steps), below: below.subarray(0, steps), upTo: below.subarray(1, steps + 1) };
}

interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A convex or concave function over steps from `first` on: its height at each step, and the steps at which it bends. */
interface Hull {
  readonly first: number;
  readonly height: Float64Array;
  readonly bends: Int32Array;
}

/** Returns the greatest convex minorant (`sense` 1) or the least concave majorant (-1) of a curve from `first` to `last`. */
function hull(curve: Curve, first: number, last: number, sense: 1 | -1): Hull {
  const { x, y } = curve;
  const bends = new Int32Array(last - first + 1);
  let count = 0;
  for (let next = first; next <= last; next++) {
    while (count > 1 && !(sense * turn(curve, bends[count - 2] as number, bends[count - 1] as number, next) > 0))
      count--;
    bends[count++] = next;
  }
  const height = new Float64Array(last - first + 1);
  for (let bend = 1; bend < count; bend++) {
    const [from, to] = [bends[bend - 1] as number, bends[bend] as number];
    const slope = ((y[to] as number) - (y[from] as number)) / ((x[to] as number) - (x[from] as number));
    for (let step = from; step < to; step++) {
      height[step - first] = (y[from] as number) + slope * ((x[step] as number) - (x[from] as number));
    }
  }
  height[last - first] = y[last] as number;
  return { first, height, bends: bends.subarray(0, count) };
}

/** Positive if the curve turns upwards on the way from step `a` over `b` to `c`, negative if downwards. */
function turn({ x, y }: Curve, a: number, b: number, c: number): number {
  const [xb, yb] = [x[b] as number, y[b] as number];
  return (xb - (x[a] as number)) * ((y[c] as number) - yb) - ((x[c] as number) - xb) * (yb - (y[a] as number));
}

/**
 * Finds the largest distance between minorant and majorant, which is at a bend of either, and the interval from the
 * minorant's last bend before it to the majorant's first bend after it.
 */
function furthestApart(minorant: Hull, majorant: Hull): { first: number; last: number; distance: number } {
  let [distance, first, last] = [0, 0, 0];
  let [i, j] = [0, 0];
  while (i < minorant.bends.length && j < majorant.bends.length) {
    const [up, down] = [minorant.bends[i] as number, majorant.bends[j] as number];
    const step = Math.min(up, down);
    const apart =
      (majorant.height[step - majorant.first] as number) - (minorant.height[step - minorant.first] as number);
    if (apart > distance) {
      distance = apart;
      first = up === step ? up : (minorant.bends[i - 1] as number);
      last = down;
    }
    if (up === step) i++;
    if (down === step) j++;
  }
  return { first, last, distance };
}
