import { bracketMedian, MIN_BRACKETED } from './bracket-median.ts';
import { medianFloat32 } from './median-float32.ts';

export interface MedianMad {
  readonly median: number;
  /** Median absolute deviation, scaled to the standard deviation of a Gaussian. */
  readonly mad: number;
}

/** Turns a median absolute deviation into a standard deviation; this literal, as in tridesclous. */
const GAUSSIAN_SCALE = 1.4826;

/**
 * Returns median and MAD of a trace in its unit, equal to the last bit to `tridesclous.tools.median_mad` with NumPy:
 * deviations and their median are float32, the product with 1.4826 is float64. The trace is not empty and has no NaN.
 */
export function medianMad(trace: Float32Array): MedianMad {
  const long = trace.length >= MIN_BRACKETED;
  const median = (long ? bracketMedian(trace) : undefined) ?? medianFloat32(trace);
  const deviation = (long ? bracketMedian(trace, median) : undefined) ?? medianFloat32(deviations(trace, median));
  return { median, mad: deviation * GAUSSIAN_SCALE };
}

/** Returns the distances from the center, in float32. */
export function deviations(trace: Float32Array, center: number): Float32Array {
  const distances = new Float32Array(trace.length);
  for (let i = 0; i < trace.length; i++) distances[i] = Math.abs(Math.fround((trace[i] as number) - center));
  return distances;
}
