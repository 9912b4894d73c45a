/** Reads the pipette's trace at moments at which only the array saw the cell. */
import type { PeakSign } from '../detection/peaks.ts';

export interface Pipette {
  readonly trace: Float32Array;
  readonly baseline: number;
  readonly mad: number;
  readonly sign: PeakSign;
  readonly samplingRate: number;
}

/** Largest distance from the moment to the pipette's extreme, in ms. */
const REACH_MS = 0.2;
/** Half of the averaged stretch, in ms. */
const HALF_MS = 2;

/** The largest height of the trace over its baseline near a moment, in MADs, on the side of the spikes. NaN if the MAD is 0. */
export function heightAt({ trace, baseline, mad, sign, samplingRate }: Pipette, at: number): number {
  const reach = Math.round((REACH_MS * samplingRate) / 1000);
  const side = sign === '+' ? 1 : -1;
  let height = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(0, at - reach); i <= Math.min(trace.length - 1, at + reach); i++) {
    height = Math.max(height, side * ((trace[i] as number) - baseline));
  }
  return mad > 0 ? height / mad : Number.NaN;
}

/** Averages the trace around the moments, in its unit. Every mean is null if no moment has its window inside the trace. */
export function meanAround(
  { trace, samplingRate }: Pipette,
  moments: readonly number[],
): { readonly samples: Int32Array; readonly mean: readonly (number | null)[] } {
  const half = Math.round((HALF_MS * samplingRate) / 1000);
  const inside = moments.filter((at) => at >= half && at + half < trace.length);
  const samples = Int32Array.from({ length: 2 * half + 1 }, (_, index) => index - half);
  const mean = Array.from(samples, (sample) => {
    if (inside.length === 0) return null;
    let sum = 0;
    for (const at of inside) sum += trace[at + sample] as number;
    return sum / inside.length;
  });
  return { samples, mean };
}
