/**
 * Hartigan and Hartigan's dip statistic ("The dip test of unimodality", Annals of Statistics 13, 1985): the largest
 * distance between the distribution function of `sorted` (ascending, no NaN) and the nearest unimodal one. Distinct
 * values have at least 1 / (2 n), two equal point masses the largest dip there is, 0.25.
 *
 * The modal interval shrinks from the whole range: the function's greatest convex minorant leads up to it and its least
 * concave majorant away from it, and it ends where the two are furthest apart. Equal values are one step, which a
 * unimodal function can take at its mode only: coarsely rounded values have a dip for their rounding.
 */
export function dip(sorted: Float64Array): number {
  const { value, below, upTo } = stepsOf(sorted);
  let modal = { first: 0, last: value.length - 1 };
  let widest = 0;
  while (modal.first < modal.last) {
    const { first, last } = modal;
    const minorant = hull(value, below, first, last, 1);
    const majorant = hull(value, upTo, first, last, -1);
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
 * How often a uniform sample of `n` has a dip as large as this or larger: the p-value against the unimodal distribution
 * that is hardest to tell from two modes (Hartigan & Hartigan 1985), so that any other unimodal one is rejected less
 * often than it says. By simulation: `TABLE`, between its entries by a straight line. At p = 0.01 within a tenth of the
 * truth from n = 50 on, higher than the truth below that; the smallest p stands for that or less.
 */
export function dipPValue(dip: number, n: number): number {
  const scaled = dip * (Math.sqrt(n) + SMALL_SAMPLE);
  const above = TABLE.findIndex(([, quantile]) => scaled < quantile);
  if (above === 0) return 1;
  const [p, quantile] = TABLE.at(above === -1 ? -1 : above - 1) as Quantile;
  const [nextP, next] = TABLE.at(above) as Quantile;
  return next > quantile ? p + ((nextP - p) * (scaled - quantile)) / (next - quantile) : p;
}

/** The dip times sqrt(n) + 0.65 is distributed alike for all n, as R's table of quantiles (diptest, qDiptab) shows. */
const SMALL_SAMPLE = 0.65;

type Quantile = readonly [p: number, quantile: number];

/** Of the dip scaled so, in 400,000 uniform samples of 200 (`randomSource`, seed 1985): exceeded with probability p. */
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

/** The distribution function: at each distinct value, how many of the sample lie below it, and up to it. */
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

/** A convex or concave function over the steps `first` and up: its height at each, and the steps at which it bends. */
interface Hull {
  readonly first: number;
  readonly height: Float64Array;
  readonly bends: Int32Array;
}

/** The greatest convex minorant (`sense` 1) or the least concave majorant (-1) of `y` over `x`, from `first` to `last`. */
function hull(x: Float64Array, y: Float64Array, first: number, last: number, sense: 1 | -1): Hull {
  const bends = new Int32Array(last - first + 1);
  let count = 0;
  for (let next = first; next <= last; next++) {
    while (count > 1 && !turns(x, y, bends[count - 2] as number, bends[count - 1] as number, next, sense)) count--;
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

/** Whether the way from step `a` over `b` to `c` turns upwards, for sense -1 downwards. */
function turns(x: Float64Array, y: Float64Array, a: number, b: number, c: number, sense: 1 | -1): boolean {
  const [xb, yb] = [x[b] as number, y[b] as number];
  return (
    sense * ((xb - (x[a] as number)) * ((y[c] as number) - yb) - ((x[c] as number) - xb) * (yb - (y[a] as number))) > 0
  );
}

/**
 * Where the two are furthest apart, at a bend of either: from the last bend of the minorant up to there to the first
 * bend of the majorant from there on.
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
