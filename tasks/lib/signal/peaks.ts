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
  const flip = sign === '+' ? -1 : 1;
  const cut = Math.fround(flip * level);
  // Up to level 0 the zeros change no comparison and the trace is read as it is; above, zeros are peaks themselves.
  const y = cut > 0 ? trace.map((sample) => (flip * sample > cut ? 0 : sample)) : trace;
  const end = y.length - halfWidth;
  const found: number[] = [];
  for (let i = nextBelow(y, flip, cut, halfWidth, end); i < end; i = nextBelow(y, flip, cut, i + 1, end)) {
    if (isMinimum(y, flip, i, halfWidth)) found.push(i);
  }
  return found;
}

/** The first sample below the cut, from one on; `end` or later if there is none. Nearly all are passed over, four at a time. */
function nextBelow(y: Float32Array, flip: number, cut: number, from: number, end: number): number {
  let i = from;
  for (; i + 3 < end; i += 4) {
    if (flip * (y[i] as number) < cut || flip * (y[i + 1] as number) < cut) break;
    if (flip * (y[i + 2] as number) < cut || flip * (y[i + 3] as number) < cut) break;
  }
  while (i < end && !(flip * (y[i] as number) < cut)) i++;
  return i;
}

/** Of a run of equal minima only the first counts: strictly below what precedes, not above what follows. */
function isMinimum(y: Float32Array, flip: number, i: number, halfWidth: number): boolean {
  const value = flip * (y[i] as number);
  for (let d = 1; d <= halfWidth; d++) {
    if (value >= flip * (y[i - d] as number) || value > flip * (y[i + d] as number)) return false;
  }
  return true;
}
