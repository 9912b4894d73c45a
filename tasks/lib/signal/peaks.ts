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
  const end = y.length - halfWidth;
  for (let i = nextBelow(y, halfWidth, end, level); i < end; i = nextBelow(y, i + 1, end, level)) {
    if (isMinimum(y, i, halfWidth)) found.push(i);
  }
  return found;
}

/** The first sample below the level, from one on; `end` or later where there is none. Nearly none is: four at a time are passed over. */
function nextBelow(y: Float32Array, from: number, end: number, level: number): number {
  let i = from;
  for (; i + 3 < end; i += 4) {
    if ((y[i] as number) < level || (y[i + 1] as number) < level) break;
    if ((y[i + 2] as number) < level || (y[i + 3] as number) < level) break;
  }
  while (i < end && !((y[i] as number) < level)) i++;
  return i;
}

/** Of a run of equal minima only the first counts: strictly below what precedes, not above what follows. */
function isMinimum(y: Float32Array, i: number, halfWidth: number): boolean {
  const value = y[i] as number;
  for (let d = 1; d <= halfWidth; d++) {
    if (value >= (y[i - d] as number) || value > (y[i + d] as number)) return false;
  }
  return true;
}
