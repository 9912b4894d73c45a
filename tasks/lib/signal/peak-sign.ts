import type { PeakSign } from './peaks.ts';

/** The side of the baseline on which most of these peaks lie; no peaks count as negative, the usual sign. */
export function peakSignOf(amplitudes: Float32Array, baseline: number): PeakSign {
  let above = 0;
  for (const amplitude of amplitudes) if (amplitude > baseline) above++;
  return above > amplitudes.length / 2 ? '+' : '-';
}
