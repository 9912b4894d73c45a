import { medianFloat32 } from './median-float32.ts';

export interface MedianMad {
  readonly median: number;
  /** Median absolute deviation, scaled to the standard deviation of a Gaussian. */
  readonly mad: number;
}

/** Scales a median absolute deviation to a standard deviation: this literal, as tridesclous has it. */
const GAUSSIAN_SCALE = 1.4826;

/**
 * Median and MAD of a trace, in its unit, equal to the last bit to `tridesclous.tools.median_mad` with NumPy:
 * deviations and their median are float32, the product with 1.4826 is float64. At least one sample, no NaN.
 */
export function medianMad(trace: Float32Array): MedianMad {
  const median = medianFloat32(trace);
  const deviations = new Float32Array(trace.length);
  for (let i = 0; i < trace.length; i++) deviations[i] = Math.abs(Math.fround((trace[i] as number) - median));
  return { median, mad: medianFloat32(deviations) * GAUSSIAN_SCALE };
}
