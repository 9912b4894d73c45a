import { findPeaks, type PeakSign } from './peaks.ts';
import type { TraceExtremes } from './trace-extremes.ts';

export interface TailBand {
  /** Of the spikes. */
  readonly sign: PeakSign;
  /** Median of the trace, in its unit. */
  readonly baseline: number;
  /** The lower end: a distance from the baseline. */
  readonly from: number;
  /** The upper end: the detection level, on the side of the spikes. */
  readonly level: number;
  /** A peak is the extreme of this many samples on either side. */
  readonly halfWidth: number;
  /** Peaks up to this many samples from a spike are left out. */
  readonly clearance: number;
}

export interface TailPeaks {
  /** Ascending. */
  readonly sampleIndex: readonly number[];
  /** Whether the peak points away from the spikes. */
  readonly mirrored: readonly boolean[];
}

/**
 * The peaks that the detection level hid: those between `from` and the level, and, to tell how many of them are noise,
 * the peaks of the other sign at the same distances from the baseline. `spikes` are the peaks beyond the level,
 * ascending; near them the trace shows their own shoulders and after-potentials, so that stretch is left out on both
 * sides. There are none when the level lies at or below `from`, or on the wrong side of 0 (then `findPeaks` takes
 * samples for 0).
 */
export function peaksBelowThreshold(
  trace: Float32Array,
  spikes: readonly number[],
  band: TailBand,
  extremes?: TraceExtremes,
): TailPeaks {
  const { sign, baseline, from, level, halfWidth, clearance } = band;
  const side = sign === '+' ? 1 : -1;
  if (!(side * level > 0) || !(side * (level - baseline) > from)) return { sampleIndex: [], mirrored: [] };
  const there = peaksBetween(trace, sign, baseline + side * from, level, halfWidth, extremes);
  const opposite = sign === '+' ? '-' : '+';
  const across = peaksBetween(trace, opposite, baseline - side * from, 2 * baseline - level, halfWidth, extremes);
  const mirrored = new Set(clearOf(across, spikes, clearance));
  const sampleIndex = [...clearOf(there, spikes, clearance), ...mirrored].sort((a, b) => a - b);
  return { sampleIndex, mirrored: sampleIndex.map((index) => mirrored.has(index)) };
}

/** Peaks beyond the level `from` but not beyond `to`, both rounded to float32 as the detection level is. */
function peaksBetween(
  trace: Float32Array,
  sign: PeakSign,
  from: number,
  to: number,
  halfWidth: number,
  extremes: TraceExtremes | undefined,
): number[] {
  const limit = Math.fround(to);
  const within = clipped(trace, sign, from);
  const rule = { sign, level: from, halfWidth };
  return findPeaks(within, rule, within === trace ? extremes : undefined).filter((index) => {
    const sample = trace[index] as number;
    return sign === '+' ? sample <= limit : sample >= limit;
  });
}

/** For a level across 0 `findPeaks` takes what is not beyond it for 0; held at the level it stays what it is, no peak. */
function clipped(trace: Float32Array, sign: PeakSign, level: number): Float32Array {
  const cut = Math.fround(level);
  if (sign === '-') return cut > 0 ? trace.map((sample) => Math.min(sample, cut)) : trace;
  return cut < 0 ? trace.map((sample) => Math.max(sample, cut)) : trace;
}

/** The peaks farther than `clearance` from every spike; both ascending. */
function clearOf(peaks: readonly number[], spikes: readonly number[], clearance: number): number[] {
  let next = 0;
  return peaks.filter((peak) => {
    while (next < spikes.length && (spikes[next] as number) < peak - clearance) next++;
    return next === spikes.length || (spikes[next] as number) > peak + clearance;
  });
}
