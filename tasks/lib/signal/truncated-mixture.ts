import erfcx from '@stdlib/math-base-special-erfcx';
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { fitTruncatedGaussian } from './truncated-gaussian.ts';

/** One Gaussian of a mixture, of which only what lies above 0 is seen. */
export interface Component {
  /** Its share of what is seen. */
  readonly weight: number;
  /** Of the whole Gaussian; a mean below 0 says that most of it is not seen. */
  readonly mean: number;
  readonly sd: number;
}

export interface Mixture {
  /** By ascending mean. */
  readonly components: readonly Component[];
  readonly logLikelihood: number;
  /** Bayesian information criterion (Schwarz 1978), the lower the better: weights, means and sds are counted. */
  readonly bic: number;
}

/** Fewer spikes are not fitted. */
const FEWEST = 10;
const MOST_COMPONENTS = 3;
/** Of the spread: spikes in the same cell so wide count as one place, which moves a log-likelihood by about 1e-4 a spike. */
const GRID = 1 / 32;
/** Of the spread: no component is narrower, or one that sits on two equal amplitudes would be infinitely likely. */
const NARROWEST = 1 / 10;
/** Shares of the sorted sample at which it is cut to start from; for three components, pairs of these. */
const CUTS = [0.05, 0.2, 0.5, 0.8, 0.95];
/** Steps from every start, and from the best of them until the log-likelihood gains less than `SETTLED` a step. */
const FIRST_STEPS = 10;
const MOST_STEPS = 500;
const SETTLED = 1e-4;

/**
 * Mixtures of one, two and three Gaussians, each fitted by maximum likelihood to what is seen of it above 0: `beyond`
 * holds each spike's height minus the threshold. Null for fewer than ten spikes, or spikes that are all equal.
 *
 * Expectation maximisation (Dempster, Laird & Rubin 1977) for a mixture of truncated Gaussians: a spike belongs to each
 * in proportion to its density, and each is fitted anew to its share. Starts are fixed: the sample cut at quantiles.
 */
export function fitMixtures(beyond: Float64Array): Mixture[] | null {
  const n = beyond.length;
  const sorted = beyond.slice().sort();
  const spread = spreadOf(sorted);
  if (n < FEWEST || !(spread > 0)) return null;
  const places = grouped(sorted, spread * GRID);
  const narrowest = spread * NARROWEST;
  const mixtures: Mixture[] = [];
  for (let parts = 1; parts <= MOST_COMPONENTS; parts++) {
    const starts = cutsInto(parts)
      .map((cuts) => startFrom(places, cuts, n, narrowest))
      .filter(({ length }) => length === parts)
      .map((start) => climb(places, n, start, narrowest, FIRST_STEPS));
    if (starts.length === 0) break;
    const best = starts.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
    const { components, logLikelihood } = climb(places, n, best.components, narrowest, MOST_STEPS);
    const bic = (3 * parts - 1) * ln(n) - 2 * logLikelihood;
    mixtures.push({ components: [...components].sort((a, b) => a.mean - b.mean), logLikelihood, bic });
  }
  return mixtures;
}

/** The mixture that the Bayesian information criterion prefers; the one of fewer components where two are equal. */
export function likeliestByBic(mixtures: readonly Mixture[]): Mixture | undefined {
  return mixtures.find(({ bic }) => mixtures.every((other) => bic <= other.bic));
}

/**
 * How far apart two Gaussians are, in units of their spread: Ashman, Bird & Zepf (Astronomical Journal 108, 1994). Above
 * 2 two of equal weight and spread have two peaks. The means are those of the whole Gaussians, below 0 included.
 */
export function ashmanD(a: Component, b: Component): number {
  return (Math.SQRT2 * Math.abs(a.mean - b.mean)) / Math.sqrt(a.sd * a.sd + b.sd * b.sd);
}

/** Points at which the density between the outermost means is looked at. */
const LOOKS = 512;

/**
 * The deepest valley of the seen density between two of its peaks: where it is, and its density over that of the lower
 * of the two peaks, nearly 1 for a shallow one. Null where there is one peak only. Every peak lies between the outermost
 * means, or at 0.
 */
export function valley(components: readonly Component[]): { readonly at: number; readonly ratio: number } | null {
  const from = Math.max(0, Math.min(...components.map(({ mean }) => mean)));
  const to = Math.max(0, ...components.map(({ mean }) => mean));
  const terms = components.map(termOf);
  const height = Float64Array.from({ length: LOOKS + 1 }, (_, i) => {
    const y = from + ((to - from) * i) / LOOKS;
    return terms.reduce((sum, term) => sum + exp(logDensity(term, y)), 0);
  });
  const rightPeak = height.slice();
  for (let i = LOOKS - 1; i >= 0; i--) rightPeak[i] = Math.max(height[i] as number, rightPeak[i + 1] as number);
  let leftPeak = 0;
  let deepest = { at: 0, ratio: 1 };
  for (let i = 0; i <= LOOKS; i++) {
    leftPeak = Math.max(leftPeak, height[i] as number);
    const ratio = (height[i] as number) / Math.min(leftPeak, rightPeak[i] as number);
    if (ratio < deepest.ratio) deepest = { at: from + ((to - from) * i) / LOOKS, ratio };
  }
  return deepest.ratio < 1 ? deepest : null;
}

/** Amplitudes and how many spikes have each, ascending. */
interface Places {
  readonly at: Float64Array;
  readonly count: Float64Array;
}

/** Spikes in the same cell of a grid taken together, at their mean. */
function grouped(sorted: Float64Array, width: number): Places {
  const at = new Float64Array(sorted.length);
  const count = new Float64Array(sorted.length);
  let places = 0;
  let cell = Number.NaN;
  for (const y of sorted) {
    const own = Math.floor(y / width);
    if (own !== cell) places++;
    cell = own;
    at[places - 1] = (at[places - 1] as number) + y;
    count[places - 1] = (count[places - 1] as number) + 1;
  }
  return { at: at.subarray(0, places).map((sum, i) => sum / (count[i] as number)), count: count.subarray(0, places) };
}

/** Standard deviation, by the quartiles if that is less (outliers) and if they differ. */
function spreadOf(sorted: Float64Array): number {
  const n = sorted.length;
  const sum = sorted.reduce((total, y) => total + y, 0);
  const squares = sorted.reduce((total, y) => total + (y - sum / n) * (y - sum / n), 0);
  const sd = Math.sqrt(squares / n);
  const quartiles = ((sorted[Math.floor(n * 0.75)] ?? 0) - (sorted[Math.floor(n * 0.25)] ?? 0)) / 1.349;
  return quartiles > 0 ? Math.min(sd, quartiles) : sd;
}

/** The ways to cut a sample into so many parts at `CUTS`: for each, the share of the sample that ends every part. */
function cutsInto(parts: number): number[][] {
  if (parts === 1) return [[1]];
  return CUTS.flatMap((cut) => cutsInto(parts - 1).flatMap((rest) => ((rest[0] ?? 0) > cut ? [[cut, ...rest]] : [])));
}

/** A Gaussian for each part of the sample, or none where one is empty. */
function startFrom({ at, count }: Places, cuts: readonly number[], n: number, narrowest: number): Component[] {
  const sums = cuts.map(() => ({ total: 0, sum: 0, squares: 0 }));
  let below = 0;
  let part = 0;
  for (let i = 0; i < at.length; i++) {
    while (below >= (cuts[part] as number) * n) part++;
    add(sums[part] as Moments, at[i] as number, count[i] as number);
    below += count[i] as number;
  }
  return sums.some(({ total }) => total === 0) ? [] : sums.map((moments) => fitShare(moments, n, narrowest));
}

/** Sums over the spikes that belong to a component, each in part: how many, of their amplitudes, of the squares. */
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

/** This many standard deviations above 0 a Gaussian loses nothing that float64 could tell. */
const WHOLE = 8;

/** The truncated Gaussian likeliest to have given these: that follows from mean and spread, as two points have them. */
function fitShare({ total, sum, squares }: Moments, n: number, narrowest: number): Component {
  const weight = total / n;
  const mean = sum / total;
  const sd = Math.sqrt(Math.max(0, squares / total - mean * mean));
  if (mean > WHOLE * Math.max(sd, narrowest)) return { weight, mean, sd: Math.max(sd, narrowest) };
  const fit = fitTruncatedGaussian(Float64Array.of(mean - sd, mean + sd));
  return { weight, mean: -fit.alpha * fit.sd, sd: Math.max(fit.sd, narrowest) };
}

/** Expectation maximisation from `start`, at most so many steps: the last mixture and its log-likelihood. */
function climb(places: Places, n: number, start: readonly Component[], narrowest: number, steps: number) {
  let components = start;
  let expected = belonging(places, components);
  for (let step = 0; step < steps; step++) {
    const next = expected.moments.map((moments, j) =>
      moments.total > 0 ? fitShare(moments, n, narrowest) : { ...(components[j] as Component), weight: 0 },
    );
    const then = belonging(places, next);
    const gain = then.logLikelihood - expected.logLikelihood;
    if (!(gain > 0)) break;
    components = next;
    expected = then;
    if (gain < SETTLED) break;
  }
  return { components, logLikelihood: expected.logLikelihood };
}

/** Each component's moments, every spike divided among them in proportion to density; the log-likelihood beside. */
function belonging({ at, count }: Places, components: readonly Component[]) {
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

/** A component, ready for its density: `constant` is the logarithm of all that does not hang on the amplitude. */
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
