/** The sign of the spikes that are looked for. */
export type PeakSign = '-' | '+';

export interface PeakRule {
  readonly sign: PeakSign;
  /** In the trace's unit: a negative peak lies below it, a positive one above. */
  readonly level: number;
  /** A peak is the extreme of this many samples on either side. */
  readonly halfWidth: number;
}

/**
 * The samples at which a trace has its peaks, ascending; the rule of `tridesclous.peakdetector`.
 *
 * For negative peaks let y be the trace, with 0 for every sample above the level (rounded to float32). Sample i
 * is a peak if half_width <= i <= n-1-half_width, y[i] < level, y[i] < y[i-d] and y[i] <= y[i+d] for
 * d = 1..half_width. Positive peaks are the mirror image.
 */
export function findPeaks(trace: Float32Array, { sign, level, halfWidth }: PeakRule): number[] {
  if (sign === '+') return negativePeaks(negated(trace), Math.fround(-level), halfWidth);
  return negativePeaks(trace, Math.fround(level), halfWidth);
}

function negated(trace: Float32Array): Float32Array {
  const mirrored = new Float32Array(trace.length);
  for (let i = 0; i < trace.length; i++) mirrored[i] = -(trace[i] as number);
  return mirrored;
}

/** Up to level 0 the zeros change no comparison and the trace is read as it is; above, zeros are peaks themselves. */
function negativePeaks(trace: Float32Array, level: number, halfWidth: number): number[] {
  const y = level > 0 ? trace.map((sample) => (sample > level ? 0 : sample)) : trace;
  const found: number[] = [];
  for (let i = halfWidth; i < y.length - halfWidth; i++) {
    if ((y[i] as number) < level && isMinimum(y, i, halfWidth)) found.push(i);
  }
  return found;
}

/** Of a run of equal minima only the first counts: strictly below what precedes, not above what follows. */
function isMinimum(y: Float32Array, i: number, halfWidth: number): boolean {
  const value = y[i] as number;
  for (let d = 1; d <= halfWidth; d++) {
    if (value >= (y[i - d] as number) || value > (y[i + d] as number)) return false;
  }
  return true;
}
