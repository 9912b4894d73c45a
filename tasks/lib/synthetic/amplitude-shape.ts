import exp from '@stdlib/math-base-special-exp';
import { normalQuantiles } from '../replica/normal-quantiles.ts';

/** A distribution of mean 0 and sd 1 by its quantiles, ascending: to draw from it, read it at a random place. */
export type AmplitudeShape = Float32Array;

const QUANTILES = 1 << 16;

export const GAUSSIAN: AmplitudeShape = normalQuantiles(QUANTILES);

/** Draws a value; a uint32 has enough bits. */
export const drawFrom = (shape: AmplitudeShape, random: () => number): number => shape[random() >>> 16] as number;

/** The value below which the share `share` of the distribution lies. */
export const quantileOf = (shape: AmplitudeShape, share: number): number =>
  shape[Math.max(0, Math.min(shape.length - 1, Math.floor(share * shape.length)))] as number;

/** A gamma distribution of this skewness (E. B. Wilson and M. M. Hilferty 1931: its cube root is nearly normal); mirrored below 0. */
export function gammaShape(skewness: number): AmplitudeShape {
  const k = 4 / (skewness * skewness);
  const step = 1 / (9 * k);
  const values = GAUSSIAN.map((z) => {
    const root = Math.max(0, 1 - step + z * Math.sqrt(step));
    return root * root * root;
  });
  return standardised(skewness < 0 ? values.map((value) => -value).reverse() : values);
}

/** A log-normal distribution whose logarithm has this sd. */
export function logNormalShape(sigma: number): AmplitudeShape {
  return standardised(GAUSSIAN.map((z) => exp(sigma * z)));
}

function standardised(values: Float32Array): AmplitudeShape {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance));
}
