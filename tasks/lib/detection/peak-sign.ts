import type { PeakSign } from './peaks.ts';

/** Returns the side of the baseline on which most peaks lie; negative, the usual sign, without peaks. */
export function peakSignOf(amplitudes: Float32Array, baseline: number): PeakSign {
  let above = 0;
  for (const amplitude of amplitudes) if (amplitude > baseline) above++;
  return above > amplitudes.length / 2 ? '+' : '-';
}
