import ln from '@stdlib/math-base-special-ln';
import { ALPHA_MAX, ALPHA_MIN, bisect, hazard, phi, shareWithin } from '../statistics/truncated-gaussian.ts';
import type { Window } from './windows.ts';

/** A missed share with its interval. */
export interface Missed {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface MissedInWindows {
  /** Whether a common sd fits the windows; if the sd follows their means, shares and intervals are invalid. */
  readonly evenSpread: boolean;
  /** Missed share over all windows together, with a 95 % interval. */
  readonly pooled: Missed;
  /** Share of the detected spikes that the fit expects within `width` beyond the threshold. */
  expectedWithin(width: number): number;
  /** Missed share among the spikes of rows [first, last), by the common sd, with an interval of `z` standard errors. */
  of(first: number, last: number, z: number): Missed;
}

const Z95 = 1.959964;

/**
 * Estimates the share of spikes lost below a known threshold while the amplitude drifts: maximum likelihood for Gaussians
 * truncated at the threshold, with a mean for each window and a common sd, because a window alone cannot tell its mean from
 * its sd if the mode is near the threshold. `beyond` is each spike's height less the threshold `level`; no window is
 * empty. Null if there is no maximum, or only with all spikes missing: the modes are at or below the threshold.
 *
 * With alpha = (threshold - mean) / sd and u = 1 / sd a window of n spikes adds to the log-likelihood
 * n (ln u - (u^2 q + 2 alpha u m + alpha^2) / 2 - ln Phi(-alpha)), m and q its means of y and y^2 (A. C. Cohen 1950, for
 * a single window). The intervals are Wald's in the scale of alpha, with the sd profiled out. The number of missed spikes
 * varies by chance too, given the probability of a miss; the pooled interval includes that, because it is about the spikes
 * that this recording lost.
 */
export function missedInWindows(
  beyond: Float64Array,
  windows: readonly Window[],
  level: number,
): MissedInWindows | null {
  const parts = windows.map(({ first, last }) => momentsOf(beyond, first, last));
  const sd = sharedSd(parts);
  if (sd === null) return null;
  const fits = parts.map((part) => fitOf(part, sd));
  const information = sum(fits, ({ n, m, q, left }) => n * (1 + q) - (n * m * m) / left);
  const missed = sum(fits, ({ n, odds }) => n * odds);
  const total = beyond.length + missed;
  const share = missed / total;
  if (!(share < ALL && information > 0)) return null;

  const separate = sum(fits, ({ n, oddsSlope, left }) => (n * oddsSlope * oddsSlope) / left);
  const common = sum(fits, ({ n, m, oddsSlope, left }) => (n * oddsSlope * m) / left);
  const perMissed = beyond.length / (total * total);
  const reach = Z95 * perMissed * Math.sqrt(separate + (common * common) / information);
  const chance = Z95 * perMissed * Math.sqrt(sum(fits, ({ n, odds }) => n * odds * (1 + odds)));
  return {
    evenSpread: hasEvenSpread(fits, level / sd),
    pooled: widened(intervalOf(share, reach), chance),
    expectedWithin: (width) => sum(fits, ({ n, alpha }) => n * shareWithin(alpha, width / sd)) / beyond.length,
    of: (first, last, z) => {
      const { n, m, alpha, left } = fitOf(momentsOf(beyond, first, last), sd);
      return around(alpha, z * Math.sqrt(1 / (n * left) + (m * m) / (left * left * information)));
    },
  };
}

/** Number of spikes, and the means of y and y^2. */
interface Moments {
  readonly n: number;
  readonly m: number;
  readonly q: number;
}

/** Moments in units of the sd; `left` is the variance after truncation, `odds` the missed spikes per detected spike. */
interface Fit extends Moments {
  readonly alpha: number;
  readonly odds: number;
  readonly oddsSlope: number;
  readonly left: number;
}

/** Fits u: the best alpha solves hazard(alpha) - alpha = u m; then the slope in u is the sum of n (1/u - u q - alpha m). */
function sharedSd(parts: readonly Moments[]): number | null {
  const count = sum(parts, ({ n }) => n);
  const mean = sum(parts, ({ n, m }) => n * m) / count;
  if (!(mean > 0)) return null;
  const seen = Math.sqrt(sum(parts, ({ n, m, q }) => n * Math.max(0, q - m * m)) / count);
  const spread = Math.max(seen, mean * NARROWEST);
  const slope = (sd: number) => sum(parts, ({ n, m, q }) => n * (sd - q / sd - bestAlpha(m / sd) * m));
  if (slope(spread * WIDEST) < 0) return null;
  return bisect((at) => slope(at) < 0, spread / 2, spread * WIDEST);
}

function fitOf({ n, m, q }: Moments, sd: number): Fit {
  const alpha = bestAlpha(m / sd);
  const h = hazard(alpha);
  const odds = phi(alpha) / phi(-alpha);
  const left = Math.max(1 - h * (h - alpha), MIN_LEFT);
  return { n, m: m / sd, q: q / (sd * sd), alpha, odds, oddsSlope: h * (1 + odds), left };
}

/** Standard errors by which the sd may follow the mean; refuses a tenth of the recordings with an even spread. */
const FOLLOWS = 1.64;
/** Smallest mean height as a share of the level, because the logarithm of a mean near 0 would dominate. */
const MIN_MEAN = 0.25;

/**
 * Tests that the sd does not follow the mean, as it does if it is a share of the mean: regresses the score of each window's
 * log sd, with its mean profiled out, on the log of the mean height. `level` is in sds.
 */
function hasEvenSpread(fits: readonly Fit[], level: number): boolean {
  const scores = fits.flatMap(({ n, m, q, alpha, left }) => {
    const information = n * (1 + q) - (n * m * m) / left;
    const mean = Math.max(MIN_MEAN * level, level - alpha);
    return information > 0 ? [{ score: n * (q + alpha * m - 1), information, x: ln(mean) }] : [];
  });
  const middle = sum(scores, ({ information, x }) => information * x) / sum(scores, ({ information }) => information);
  const follows = sum(scores, ({ score, x }) => score * (x - middle));
  const variance = sum(scores, ({ information, x }) => information * (x - middle) * (x - middle));
  return !(follows * follows > FOLLOWS * FOLLOWS * variance);
}

/** Smallest spread as a share of the mean: a smaller spread would take alpha out of its range, and misses nothing anyway. */
const NARROWEST = 0.06;
/** Largest sd in units of the observed spread: for an exponential tail the sd is infinite. */
const WIDEST = 8;
/** Keeps the variance of an almost completely truncated Gaussian above 0. */
const MIN_LEFT = 1e-12;
/** A share that counts as all spikes. */
const ALL = 0.999;

/**
 * Solves hazard(alpha) - alpha = m: a Gaussian of sd 1, truncated at alpha, has the mean `m` beyond alpha. The left side
 * falls and is convex, so Newton's steps from -m, which lies below the root, only rise.
 */
function bestAlpha(m: number): number {
  let alpha = Math.max(ALPHA_MIN, -m);
  for (;;) {
    const h = hazard(alpha);
    const next = alpha + (h - alpha - m) / (1 - h * (h - alpha));
    if (!(next > alpha)) return alpha;
    if (next >= ALPHA_MAX) return ALPHA_MAX;
    alpha = next;
  }
}

function around(alpha: number, reach: number): Missed {
  const within = (at: number) => Math.max(ALPHA_MIN, Math.min(ALPHA_MAX, at));
  return { estimate: phi(alpha), low: phi(within(alpha - reach)), high: phi(within(alpha + reach)) };
}

/** Turns a share with half-width `reach` into an interval that is symmetric in the scale of alpha. */
function intervalOf(share: number, reach: number): Missed {
  const alpha = bisect((at) => phi(at) < share, ALPHA_MIN, ALPHA_MAX);
  return around(alpha, reach / (hazard(alpha) * phi(-alpha)));
}

/**
 * Widens the interval of the distribution's share below the threshold to that of the share which a recording of `found`
 * spikes lost: the number of missed spikes varies by chance, given the probability of a miss.
 */
export function ofThisRecording(missed: Missed, found: number): Missed {
  const odds = missed.estimate / Math.max(1 - missed.estimate, 1e-9);
  const perMissed = 1 / (found * (1 + odds) * (1 + odds));
  return widened(missed, Z95 * perMissed * Math.sqrt(found * odds * (1 + odds)));
}

/** Adds an independent error to both sides in quadrature. */
function widened({ estimate, low, high }: Missed, by: number): Missed {
  const reach = (side: number) => Math.sqrt(side * side + by * by);
  return {
    estimate,
    low: Math.max(0, estimate - reach(estimate - low)),
    high: Math.min(1, estimate + reach(high - estimate)),
  };
}

function momentsOf(beyond: Float64Array, first: number, last: number): Moments {
  let s1 = 0;
  let s2 = 0;
  for (let i = first; i < last; i++) {
    const y = beyond[i] as number;
    s1 += y;
    s2 += y * y;
  }
  const n = last - first;
  return { n, m: s1 / n, q: s2 / n };
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number => {
  let total = 0;
  for (const item of items) total += value(item);
  return total;
};
