import erfcx from '@stdlib/math-base-special-erfcx';
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { fitTruncatedGaussian } from './truncated-gaussian.ts';

/** A Gaussian of a mixture that is truncated at 0. */
export interface Component {
  /** Its share of the spikes above 0. */
  readonly weight: number;
  /** Mean of the whole Gaussian; below 0 if most of it is truncated. */
  readonly mean: number;
  readonly sd: number;
}

export interface Mixture {
  /** Ordered by mean, ascending. */
  readonly components: readonly Component[];
  readonly logLikelihood: number;
  /** Bayesian information criterion (Schwarz 1978), the lower the better; parameters are weights, means and sds. */
  readonly bic: number;
}

const MIN_SPIKES = 10;
const MAX_COMPONENTS = 3;
/** Width of a group in units of the spread: grouping spikes changes a log-likelihood by about 1e-4 per spike. */
const GRID = 1 / 32;
/** Smallest sd in units of the spread; otherwise a component on two equal amplitudes would be infinitely likely. */
const NARROWEST = 1 / 10;
/** Quantiles at which the sample is cut for a start; for three components, pairs of these. */
const CUTS = [0.05, 0.2, 0.5, 0.8, 0.95];
/** Steps from every start; then steps from the best start until the log-likelihood gains less than `SETTLED` per step. */
const FIRST_STEPS = 10;
const MAX_STEPS = 500;
const SETTLED = 1e-4;

/**
 * Fits mixtures of 1, 2 and 3 Gaussians, truncated at 0, by maximum likelihood. `beyond` holds each spike's height less the
 * threshold. Null for fewer than ten spikes, or if all spikes are equal.
 *
 * Expectation maximisation (Dempster, Laird & Rubin 1977) for a mixture of truncated Gaussians: a spike belongs to each
 * component in proportion to its density, and each component is refitted to its share. Starts are fixed: the sample cut at
 * quantiles.
 */
export function fitMixtures(beyond: Float64Array): Mixture[] | null {
  const n = beyond.length;
  const sorted = beyond.slice().sort();
  const spread = spreadOf(sorted);
  if (n < MIN_SPIKES || !(spread > 0)) return null;
  const sample = { ...grouped(sorted, spread * GRID), n, minSd: spread * NARROWEST };
  const mixtures: Mixture[] = [];
  for (let parts = 1; parts <= MAX_COMPONENTS; parts++) {
    const starts = cutsInto(parts)
      .map((cuts) => startFrom(sample, cuts))
      .filter(({ length }) => length === parts)
      .map((start) => climb(sample, start, FIRST_STEPS));
    if (starts.length === 0) break;
    const best = starts.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
    const { components, logLikelihood } = climb(sample, best.components, MAX_STEPS);
    const bic = (3 * parts - 1) * ln(n) - 2 * logLikelihood;
    mixtures.push({ components: [...components].sort((a, b) => a.mean - b.mean), logLikelihood, bic });
  }
  return mixtures;
}

/** Returns the mixture with the lowest Bayesian information criterion; of equals, that with fewer components. */
export function likeliestByBic(mixtures: readonly Mixture[]): Mixture | undefined {
  return mixtures.find(({ bic }) => mixtures.every((other) => bic <= other.bic));
}

/**
 * Returns the distance of two Gaussians in units of their spread (Ashman, Bird & Zepf, Astronomical Journal 108, 1994).
 * Above 2, two Gaussians of equal weight and spread have two peaks. The means are those before truncation.
 */
export function ashmanD(a: Component, b: Component): number {
  return (Math.SQRT2 * Math.abs(a.mean - b.mean)) / Math.sqrt(a.sd * a.sd + b.sd * b.sd);
}

/** Number of steps between the outermost means at which the density is evaluated. */
const STEPS = 512;

/**
 * Finds the deepest valley of the truncated density between two of its peaks: its place, and its density relative to the
 * lower of the two peaks, nearly 1 for a shallow valley. Null if there is a single peak. Every peak lies between the
 * outermost means, or at 0.
 */
export function valley(components: readonly Component[]): { readonly at: number; readonly ratio: number } | null {
  const from = Math.max(0, Math.min(...components.map(({ mean }) => mean)));
  const to = Math.max(0, ...components.map(({ mean }) => mean));
  const terms = components.map(termOf);
  const height = Float64Array.from({ length: STEPS + 1 }, (_, i) => {
    const y = from + ((to - from) * i) / STEPS;
    return terms.reduce((sum, term) => sum + exp(logDensity(term, y)), 0);
  });
  const rightPeak = height.slice();
  for (let i = STEPS - 1; i >= 0; i--) rightPeak[i] = Math.max(height[i] as number, rightPeak[i + 1] as number);
  let leftPeak = 0;
  let deepest = { at: 0, ratio: 1 };
  for (let i = 0; i <= STEPS; i++) {
    leftPeak = Math.max(leftPeak, height[i] as number);
    const ratio = (height[i] as number) / Math.min(leftPeak, rightPeak[i] as number);
    if (ratio < deepest.ratio) deepest = { at: from + ((to - from) * i) / STEPS, ratio };
  }
  return deepest.ratio < 1 ? deepest : null;
}

/** Amplitudes, ascending, and the number of spikes with each. */
interface Groups {
  readonly at: Float64Array;
  readonly count: Float64Array;
}

interface Sample extends Groups {
  /** Number of spikes. */
  readonly n: number;
  /** Smallest sd of a component. */
  readonly minSd: number;
}

/** Groups spikes in the same cell of a grid at their mean. */
function grouped(sorted: Float64Array, width: number): Groups {
  const at = new Float64Array(sorted.length);
  const count = new Float64Array(sorted.length);
  let groups = 0;
  let previous = Number.NaN;
  for (const y of sorted) {
    const cell = Math.floor(y / width);
    if (cell !== previous) groups++;
    previous = cell;
    at[groups - 1] = (at[groups - 1] as number) + y;
    count[groups - 1] = (count[groups - 1] as number) + 1;
  }
  return { at: at.subarray(0, groups).map((sum, i) => sum / (count[i] as number)), count: count.subarray(0, groups) };
}

/** Returns the standard deviation, or its estimate by the quartiles if that is smaller (outliers) and not 0. */
function spreadOf(sorted: Float64Array): number {
  const n = sorted.length;
  const sum = sorted.reduce((total, y) => total + y, 0);
  const squares = sorted.reduce((total, y) => total + (y - sum / n) * (y - sum / n), 0);
  const sd = Math.sqrt(squares / n);
  const quartiles = ((sorted[Math.floor(n * 0.75)] ?? 0) - (sorted[Math.floor(n * 0.25)] ?? 0)) / 1.349;
  return quartiles > 0 ? Math.min(sd, quartiles) : sd;
}

/** Returns the ways to cut a sample into `parts` parts at `CUTS`: for each way, the quantile that ends every part. */
function cutsInto(parts: number): number[][] {
  if (parts === 1) return [[1]];
  return CUTS.flatMap((cut) => cutsInto(parts - 1).flatMap((rest) => ((rest[0] ?? 0) > cut ? [[cut, ...rest]] : [])));
}

/** Fits a Gaussian to each part of the sample; returns an empty list if a part is empty. */
function startFrom({ at, count, n, minSd }: Sample, cuts: readonly number[]): Component[] {
  const sums = cuts.map(() => ({ total: 0, sum: 0, squares: 0 }));
  let below = 0;
  let part = 0;
  for (let i = 0; i < at.length; i++) {
    while (below >= (cuts[part] as number) * n) part++;
    add(sums[part] as Moments, at[i] as number, count[i] as number);
    below += count[i] as number;
  }
  return sums.some(({ total }) => total === 0) ? [] : sums.map((moments) => fitShare(moments, n, minSd));
}

/** Weighted sums over the spikes of a component: of 1, of the amplitudes, of their squares. */
interface Moments {
  total: number;
  sum: number;
  squares: number;
}

function add(moments: Moments, y: number, share: number): void {
  moments.total += share;
  moments.sum += share * y;
  moments.squares += share * y * y;
}

/** Standard deviations above 0 from which truncation loses nothing that float64 can represent. */
const WHOLE = 8;

/** Fits a truncated Gaussian, which depends on mean and spread only; two points with both serve as the sample. */
function fitShare({ total, sum, squares }: Moments, n: number, minSd: number): Component {
  const weight = total / n;
  const mean = sum / total;
  const sd = Math.sqrt(Math.max(0, squares / total - mean * mean));
  if (mean > WHOLE * Math.max(sd, minSd)) return { weight, mean, sd: Math.max(sd, minSd) };
  const fit = fitTruncatedGaussian(Float64Array.of(mean - sd, mean + sd));
  return { weight, mean: -fit.alpha * fit.sd, sd: Math.max(fit.sd, minSd) };
}

/** Maximises the likelihood from `start` in at most `steps` steps; returns the last mixture and its log-likelihood. */
function climb(sample: Sample, start: readonly Component[], steps: number) {
  const { n, minSd } = sample;
  let components = start;
  let expected = expectation(sample, components);
  for (let step = 0; step < steps; step++) {
    const next = expected.moments.map((moments, j) =>
      moments.total > 0 ? fitShare(moments, n, minSd) : { ...(components[j] as Component), weight: 0 },
    );
    const updated = expectation(sample, next);
    const gain = updated.logLikelihood - expected.logLikelihood;
    if (!(gain > 0)) break;
    components = next;
    expected = updated;
    if (gain < SETTLED) break;
  }
  return { components, logLikelihood: expected.logLikelihood };
}

/** Divides every spike among the components in proportion to density; returns their moments and the log-likelihood. */
function expectation({ at, count }: Groups, components: readonly Component[]) {
  const terms = components.map(termOf);
  const moments = components.map(() => ({ total: 0, sum: 0, squares: 0 }));
  const density = new Float64Array(components.length);
  let logLikelihood = 0;
  for (let i = 0; i < at.length; i++) {
    const y = at[i] as number;
    let highest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < terms.length; j++) {
      density[j] = logDensity(terms[j] as Term, y);
      highest = Math.max(highest, density[j] as number);
    }
    let sum = 0;
    for (let j = 0; j < terms.length; j++) {
      density[j] = exp((density[j] as number) - highest);
      sum += density[j] as number;
    }
    const spikes = count[i] as number;
    logLikelihood += spikes * (highest + ln(sum));
    for (let j = 0; j < terms.length; j++) add(moments[j] as Moments, y, (spikes * (density[j] as number)) / sum);
  }
  return { moments, logLikelihood };
}

/** A component prepared for its density: `constant` is the logarithm of all factors independent of the amplitude. */
interface Term {
  readonly mean: number;
  readonly sd: number;
  readonly constant: number;
}

function termOf({ weight, mean, sd }: Component): Term {
  const alpha = -mean / sd;
  const lnSeen = alpha < -WHOLE ? 0 : ln(erfcx(alpha * Math.SQRT1_2) / 2) - (alpha * alpha) / 2;
  return { mean, sd, constant: ln(weight / sd) - LN_SQRT_2_PI - lnSeen };
}

const LN_SQRT_2_PI = ln(2 * Math.PI) / 2;

function logDensity({ mean, sd, constant }: Term, y: number): number {
  const z = (y - mean) / sd;
  return constant - (z * z) / 2;
}
