import { phi } from './truncated-gaussian.ts';

/**
 * Returns the share below the threshold of a Gaussian with the mean and sd of the detected spikes, the estimate of a method
 * that ignores the truncation. `beyond` is each spike's height less the threshold.
 */
export function uncutGaussian(beyond: Float64Array): number | null {
  const n = beyond.length;
  if (n < 2) return null;
  const mean = beyond.reduce((sum, y) => sum + y, 0) / n;
  const squares = beyond.reduce((sum, y) => sum + (y - mean) * (y - mean), 0);
  return squares > 0 ? phi(Math.max(-37, -mean / Math.sqrt(squares / (n - 1)))) : 0;
}
