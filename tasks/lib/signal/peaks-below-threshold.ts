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
  /** Peaks up to this many samples from a spike are left out, and of several peaks so near to each other only the highest counts. */
  readonly clearance: number;
  /** So long after a spike a peak is left out that reaches little more than a tenth of its height: the amplifier rings on. */
  readonly ringing: number;
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
 * sides. A spike that was missed has such waves as well: of peaks of either sign within the clearance of each other only the highest
 * counts, however far beyond the band it reaches. There are none when the level lies at or below `from`, or on the wrong side of 0
 * (then `findPeaks` takes samples for 0).
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
  const there = peaksBeyond(trace, sign, baseline + side * from, halfWidth, extremes);
  const across = peaksBeyond(trace, opposite, baseline - side * from, halfWidth, extremes);
  const height = (index: number): number => Math.abs((trace[index] as number) - baseline);
  const clear = clearOf(
    [...there, ...across].sort((a, b) => a - b),
    spikes,
    clearance,
  );
  const alone = highestWithin(withoutRinging(clear, spikes, height, band), height, clearance);
  const pointsAway = new Set(across);
  const limits = { spikes: Math.fround(level), mirrored: Math.fround(2 * baseline - level) };
  const inBand = alone.filter((index) => {
    const sample = trace[index] as number;
    const away = pointsAway.has(index);
    return (sign === '+') === away
      ? sample >= limits[away ? 'mirrored' : 'spikes']
      : sample <= limits[away ? 'mirrored' : 'spikes'];
  });
  return { sampleIndex: inBand, mirrored: inBand.map((index) => pointsAway.has(index)) };
}

/** Peaks beyond the level `from`, which is rounded to float32 as the detection level is. */
function peaksBeyond(
  trace: Float32Array,
  sign: PeakSign,
  from: number,
  halfWidth: number,
  extremes: TraceExtremes | undefined,
): number[] {
  const within = clipped(trace, sign, from);
  return findPeaks(within, { sign, level: from, halfWidth }, within === trace ? extremes : undefined);
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

/** Of a spike's own wave a high-pass of order 3 leaves 2 to 7 percent, some 4 ms later; in a burst those of its spikes add up. */
const RINGING = 0.1;
/** Noise rides on it: so much, as a share of where the band begins. */
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

/** Of peaks within `clearance` of each other the highest, the earliest of equals: from the highest on, each removes its neighbours. */
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
