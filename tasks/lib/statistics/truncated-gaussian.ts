import erfcx from '@stdlib/math-base-special-erfcx';
import ln from '@stdlib/math-base-special-ln';

/** The missed share that follows from a sample of a truncated Gaussian. */
export type MissedFraction =
  | {
      readonly kind: 'estimated';
      /** Share of all spikes, detected and missed, that lies below the threshold. */
      readonly estimate: number;
      /** Ends of the 95 % interval by the likelihood ratio. */
      readonly low: number;
      readonly high: number;
      /** Mean and sd of the whole Gaussian of heights, in the amplitudes' unit. */
      readonly mean: number;
      readonly sd: number;
    }
  /** The sample is at least as spread out as an exponential: the likelihood has no maximum, the mode is at or below the threshold. */
  | { readonly kind: 'mode-at-threshold'; readonly atLeast: number }
  | { readonly kind: 'too-few-spikes' };

/** Quantile 0.95 of chi-squared with one degree of freedom. */
const CHI_SQUARED_95 = 3.8414588;

/** Range of alpha in which erfcx is finite and Phi(alpha) below 1 in float64; a maximum outside is useless anyway. */
export const ALPHA_MIN = -37;
export const ALPHA_MAX = 8;

/**
 * Estimates the share of spikes lost below a known threshold: maximum likelihood for a Gaussian truncated at the threshold
 * (A. C. Cohen 1950, with n S2 / S1^2 < 2 as its condition for a maximum).
 *
 * `beyond` holds each spike's height minus the threshold. With y scaled to mean 1 the likelihood needs only n and
 * r = n S2 / S1^2, S1 and S2 the sums of y and y^2. Its parameter is alpha = (threshold - mean) / sd, sd being at
 * its best for each alpha; the missed share is Phi(alpha).
 */
export function missedFraction(beyond: Float64Array, threshold: number): MissedFraction {
  const n = beyond.length;
  const { s1, r } = moments(beyond);
  if (n < 3 || !(s1 > 0)) return { kind: 'too-few-spikes' };
  const drop = CHI_SQUARED_95 / (2 * n);

  if (slope(ALPHA_MAX, r) > 0) {
    const atLeast = bisect((alpha) => logLikelihood(alpha, r) < LIMIT - drop, ALPHA_MIN, ALPHA_MAX);
    return { kind: 'mode-at-threshold', atLeast: phi(atLeast) };
  }
  const { alpha: best, sd } = fitTruncatedGaussian(beyond);
  const bound = logLikelihood(best, r) - drop;
  const low = bisect((alpha) => logLikelihood(alpha, r) < bound, ALPHA_MIN, best);
  const high = LIMIT < bound ? phi(bisect((alpha) => logLikelihood(alpha, r) >= bound, best, ALPHA_MAX)) : 1;
  return { kind: 'estimated', estimate: phi(best), low: phi(low), high, mean: threshold - best * sd, sd };
}

/**
 * Fits alpha and the standard deviation, in the unit of `beyond`. If the likelihood has no maximum, alpha is at its largest,
 * a Gaussian that equals an exponential to within a percent.
 */
export function fitTruncatedGaussian(beyond: Float64Array): { readonly alpha: number; readonly sd: number } {
  const { s1, s2 } = moments(beyond);
  return fitOfMoments(beyond.length, s1, s2);
}

/** Fits alpha and the standard deviation from the number of spikes and the sums of y and y^2. */
export function fitOfMoments(n: number, s1: number, s2: number): { readonly alpha: number; readonly sd: number } {
  const r = (n * s2) / (s1 * s1);
  const alpha = bisect((at) => slope(at, r) > 0, ALPHA_MIN, ALPHA_MAX);
  return { alpha, sd: s1 / n / inverseSd(alpha, r) };
}

/** Returns the density over the upper tail of the standard normal at alpha (the inverse Mills ratio). */
export function hazard(alpha: number): number {
  return Math.sqrt(2 / Math.PI) / erfcx(alpha * Math.SQRT1_2);
}

/** Returns the share of a Gaussian truncated at alpha that lies within `width` sds beyond alpha. */
export function shareWithin(alpha: number, width: number): number {
  return 1 - phi(-alpha - width) / phi(-alpha);
}

/** S1, S2, and r = n S2 / S1^2. */
function moments(beyond: Float64Array): { readonly s1: number; readonly s2: number; readonly r: number } {
  let s1 = 0;
  let s2 = 0;
  for (const y of beyond) {
    s1 += y;
    s2 += y * y;
  }
  return { s1, s2, r: (beyond.length * s2) / (s1 * s1) };
}

/** Returns the best 1 / sd for this alpha, with amplitudes scaled to mean 1; each form is used on the side without cancellation. */
function inverseSd(alpha: number, r: number): number {
  const root = Math.sqrt(alpha * alpha + 4 * r);
  return alpha > 0 ? 2 / (alpha + root) : (root - alpha) / (2 * r);
}

/** Log-likelihood per spike. ln Phi(-alpha) + alpha^2/2 is ln(erfcx(alpha/sqrt 2)/2), accurate at any distance in the tail. */
function logLikelihood(alpha: number, r: number): number {
  const u = inverseSd(alpha, r);
  return -alpha * u - (u * u * r) / 2 + ln(u) - ln(erfcx(alpha * Math.SQRT1_2) / 2);
}

/** Limit of `logLikelihood` for large alpha, an exponential: ln(2 pi)/2 - 1. */
const LIMIT = ln(2 * Math.PI) / 2 - 1;

/** Derivative of `logLikelihood`. */
function slope(alpha: number, r: number): number {
  return hazard(alpha) - alpha - inverseSd(alpha, r);
}

/** The Gaussian distribution function: erfc(x) exp(x^2) is erfcx(x), and erfc(x) + erfc(-x) = 2, so no exp is needed. */
export function phi(alpha: number): number {
  const tail = erfcx(Math.abs(alpha) * Math.SQRT1_2);
  const share = tail / (tail + erfcx(-Math.abs(alpha) * Math.SQRT1_2));
  return alpha > 0 ? 1 - share : share;
}

/** Finds the point at which `holds` changes from true to false, to the last bit; an end of the range if it never does. */
export function bisect(holds: (alpha: number) => boolean, from: number, to: number): number {
  let low = from;
  let high = to;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (holds(middle)) low = middle;
    else high = middle;
  }
}
