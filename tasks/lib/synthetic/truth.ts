/** Pairs the spikes that `detect` found with the true spikes, each at most once, within 0.5 ms. */
import { pairSpikes } from '../detection/match-spikes.ts';
import { SAMPLING_RATE } from './spike-train.ts';

export interface Truth {
  /** Share of the cell's spikes that were not detected. */
  readonly missed: number;
  /** Share of the detected spikes that are not the cell's. */
  readonly extra: number;
  /** Whether each true spike was detected. */
  readonly found: readonly boolean[];
}

const TOLERANCE = 0.0005 * SAMPLING_RATE;

export function truthOf(fired: ArrayLike<number>, detected: ArrayLike<number>): Truth {
  const found = pairSpikes(fired, detected, TOLERANCE);
  const pairs = found.reduce((sum, is) => sum + (is ? 1 : 0), 0);
  return {
    missed: fired.length === 0 ? 0 : 1 - pairs / fired.length,
    extra: detected.length === 0 ? 0 : 1 - pairs / detected.length,
    found,
  };
}

/** Share of the cell's spikes in the periods that were not detected; null without a spike there. */
export function missedWithin(
  fired: ArrayLike<number>,
  found: readonly boolean[],
  periods: readonly { readonly start: number; readonly end: number }[],
): number | null {
  let [all, missed] = [0, 0];
  for (let row = 0; row < fired.length; row++) {
    const at = fired[row] as number;
    if (!periods.some(({ start, end }) => at >= start && at < end)) continue;
    all++;
    if (!found[row]) missed++;
  }
  return all === 0 ? null : missed / all;
}
