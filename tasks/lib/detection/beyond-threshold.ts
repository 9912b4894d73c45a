import type { PeakSign } from './peaks.ts';

/** Returns each peak's distance beyond the detection level (-threshold, or +threshold for positive peaks), in float64. */
export function beyondThreshold(amplitudes: Float32Array, threshold: number, sign: PeakSign): Float64Array {
  return Float64Array.from(amplitudes, (amplitude) => (sign === '+' ? amplitude : -amplitude) - threshold);
}
