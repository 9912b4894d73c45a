/** The normal distribution that a sample cut off at a known threshold came from. */
import erfcx from '@stdlib/math-base-special-erfcx';

export interface TruncatedNormal {
  /** Threshold minus mean, in standard deviations: above 0, the mode lies on the cut-off side. */
  readonly alpha: number;
  /** Standard deviation, in the sample's units. */
  readonly sd: number;
}

/**
 * Maximum likelihood from the distances beyond the threshold (y > 0). Their sums are sufficient statistics, so
 * it is where the model's E[y^2] / E[y]^2, which rises with alpha from 1 to 2, equals the sample's. At 2 and above
 * the sample is as heavy as an exponential: alpha stays at its bound, a normal that is one to within a percent.
 */
export function fitTruncatedNormal(distances: readonly number[]): TruncatedNormal {
  let sum = 0;
  let squares = 0;
  for (const y of distances) {
    sum += y;
    squares += y * y;
  }
  const ratio = (distances.length * squares) / (sum * sum);
  let low = -BOUND;
  let high = BOUND;
  for (let step = 0; step < 60; step++) {
    const alpha = (low + high) / 2;
    const mean = hazard(alpha) - alpha;
    if ((1 - alpha * mean) / (mean * mean) < ratio) low = alpha;
    else high = alpha;
  }
  const alpha = (low + high) / 2;
  return { alpha, sd: sum / distances.length / (hazard(alpha) - alpha) };
}

const BOUND = 12;

/** Density over upper tail of the standard normal at alpha. */
export function hazard(alpha: number): number {
  return Math.sqrt(2 / Math.PI) / erfcx(alpha / Math.sqrt(2));
}
