import { findPeaks, type PeakRule, type PeakSign } from './peaks.ts';
import type { TraceExtremes } from './trace-extremes.ts';

export interface TailBand {
  /** Sign of the spikes. */
  readonly sign: PeakSign;
  /** Median of the trace, in its unit. */
  readonly baseline: number;
  /** Lower end of the band as a distance from the baseline. */
  readonly from: number;
  /** Upper end of the band: the detection level, on the side of the spikes. */
  readonly level: number;
  /** A peak is the extreme of this many samples on either side. */
  readonly halfWidth: number;
  /** Distance in samples within which a spike hides peaks, and the highest of several peaks hides the others. */
  readonly clearance: number;
  /** Time in samples after a spike in which peaks of little more than a tenth of its height are the amplifier's ringing. */
  readonly ringing: number;
}

export interface TailPeaks {
  /** Ascending. */
  readonly sampleIndex: readonly number[];
  /** Whether the peak has the opposite sign of the spikes. */
  readonly mirrored: readonly boolean[];
}

/**
 * Finds the peaks that the detection level hides, between `from` and the level; and, to show how many of them are noise,
 * the peaks of the opposite sign at the same distances from the baseline. `spikes` are the peaks beyond the level,
 * ascending. Around spikes the trace shows their shoulders and after-potentials, so both sides omit peaks there. A missed
 * spike has such waves too: of peaks of either sign within the clearance, only the highest counts, even if it is beyond
 * the band. The result is empty if the level is at or below `from`, or on the wrong side of 0, for which `findPeaks`
 * replaces samples by 0.
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
  const opposite = sign === '+' ? '-' : '+';
  const same = peaksBeyond(trace, { sign, level: baseline + side * from, halfWidth }, extremes);
  const across = peaksBeyond(trace, { sign: opposite, level: baseline - side * from, halfWidth }, extremes);
  const height = (index: number): number => Math.abs((trace[index] as number) - baseline);
  const clear = clearOf(
    [...same, ...across].sort((a, b) => a - b),
    spikes,
    clearance,
  );
  const alone = highestWithin(withoutRinging(clear, spikes, height, band), height, clearance);
  const mirrored = new Set(across);
  const limits = { spikes: Math.fround(level), mirrored: Math.fround(2 * baseline - level) };
  const inBand = alone.filter((index) => {
    const sample = trace[index] as number;
    const isMirrored = mirrored.has(index);
    const limit = limits[isMirrored ? 'mirrored' : 'spikes'];
    return (sign === '+') === isMirrored ? sample >= limit : sample <= limit;
  });
  return { sampleIndex: inBand, mirrored: inBand.map((index) => mirrored.has(index)) };
}

/** Finds peaks beyond a level, which is rounded to float32 like the detection level. */
function peaksBeyond(trace: Float32Array, rule: PeakRule, extremes: TraceExtremes | undefined): number[] {
  const within = clipped(trace, rule.sign, rule.level);
  return findPeaks(within, rule, within === trace ? extremes : undefined);
}

/** If the level is across 0, `findPeaks` would replace samples by 0, making peaks of them; limits them to the level instead. */
function clipped(trace: Float32Array, sign: PeakSign, level: number): Float32Array {
  const cut = Math.fround(level);
  if (sign === '-') return cut > 0 ? trace.map((sample) => Math.min(sample, cut)) : trace;
  return cut < 0 ? trace.map((sample) => Math.max(sample, cut)) : trace;
}

/** Keeps the peaks farther than `clearance` from every spike; both ascending. */
function clearOf(peaks: readonly number[], spikes: readonly number[], clearance: number): number[] {
  let next = 0;
  return peaks.filter((peak) => {
    while (next < spikes.length && (spikes[next] as number) < peak - clearance) next++;
    return next === spikes.length || (spikes[next] as number) > peak + clearance;
  });
}

/** Ringing as a share of the spike's height: a high-pass of order 3 leaves 2 to 7 % some 4 ms later, and bursts add up. */
const RINGING = 0.1;
/** Allowance for noise on top of the ringing, as a share of the band's lower end. */
const RIDING = 0.3;

function withoutRinging(
  peaks: readonly number[],
  spikes: readonly number[],
  height: (index: number) => number,
  { ringing, from }: TailBand,
): number[] {
  let next = 0;
  return peaks.filter((peak) => {
    while (next < spikes.length && (spikes[next] as number) < peak) next++;
    let before = 0;
    for (let row = next - 1; row >= 0 && peak - (spikes[row] as number) <= ringing; row--) {
      before += height(spikes[row] as number);
    }
    return before === 0 || height(peak) > RINGING * before + RIDING * from;
  });
}

/** Keeps the highest of peaks within `clearance` (the earliest of equals): from the highest on, each removes its neighbours. */
function highestWithin(peaks: readonly number[], height: (index: number) => number, clearance: number): number[] {
  const order = peaks
    .map((_, row) => row)
    .sort((a, b) => height(peaks[b] as number) - height(peaks[a] as number) || a - b);
  const removed = new Set<number>();
  for (const row of order) {
    if (removed.has(row)) continue;
    const at = peaks[row] as number;
    for (const step of [-1, 1]) {
      for (
        let other = row + step;
        Math.abs((peaks[other] ?? Number.POSITIVE_INFINITY) - at) <= clearance;
        other += step
      ) {
        removed.add(other);
      }
    }
  }
  return peaks.filter((_, row) => !removed.has(row));
}
