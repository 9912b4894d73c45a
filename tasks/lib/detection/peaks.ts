import { type TraceExtremes, traceExtremes } from './trace-extremes.ts';

/** The sign of the spikes. */
export type PeakSign = '-' | '+';

/** Samples per bin of the extremes: short, so that few bins hold a spike, but long, so that there are few bins. */
export const PEAK_BIN = 64;

export interface PeakRule {
  readonly sign: PeakSign;
  /** In the trace's unit: a negative peak lies below it, a positive peak above. */
  readonly level: number;
  /** A peak is the extreme of this many samples on either side. */
  readonly halfWidth: number;
}

/**
 * Returns the samples of a trace's peaks, ascending, by the rule of `tridesclous.peakdetector`.
 *
 * For negative peaks let y be the trace, with 0 for every sample above the level (rounded to float32). Sample i
 * is a peak if half_width <= i <= n-1-half_width, y[i] < level, y[i] < y[i-d] and y[i] <= y[i+d] for
 * d = 1..half_width. Positive peaks are the mirror image.
 *
 * Bins whose extreme is not beyond the level, nearly all bins, are skipped.
 */
export function findPeaks(
  trace: Float32Array,
  { sign, level, halfWidth }: PeakRule,
  extremes: TraceExtremes = traceExtremes(trace, PEAK_BIN),
): number[] {
  const flip = sign === '+' ? -1 : 1;
  const cut = Math.fround(flip * level);
  // Up to level 0 the zeros change no comparison, so the trace is used unchanged; above, zeros are peaks themselves.
  const y = cut > 0 ? trace.map((sample) => (flip * sample > cut ? 0 : sample)) : trace;
  const { size, low, high } = cut > 0 ? traceExtremes(y, extremes.size) : extremes;
  const outermost = sign === '+' ? high : low;
  const found: number[] = [];
  for (let bin = 0; bin < outermost.length; bin++) {
    if (flip * (outermost[bin] as number) >= cut) continue;
    const end = Math.min((bin + 1) * size, y.length - halfWidth);
    for (let i = Math.max(bin * size, halfWidth); i < end; i++) {
      if (flip * (y[i] as number) < cut && isMinimum(y, flip, i, halfWidth)) found.push(i);
    }
  }
  return found;
}

/** Only the first of equal minima counts: strictly below the samples before, not above the samples after. */
function isMinimum(y: Float32Array, flip: number, i: number, halfWidth: number): boolean {
  const value = flip * (y[i] as number);
  for (let d = 1; d <= halfWidth; d++) {
    if (value >= flip * (y[i - d] as number) || value > flip * (y[i + d] as number)) return false;
  }
  return true;
}
