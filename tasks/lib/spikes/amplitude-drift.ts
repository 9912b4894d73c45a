import type { Window } from './windows.ts';

/** Range of the mean height over the windows of a recording, in the unit of the heights. */
export interface AmplitudeDrift {
  readonly lowest: number;
  readonly highest: number;
}

/** Returns the lowest and the highest mean height of the windows that hold spikes; null without such a window. */
export function amplitudeDrift(heights: Float64Array, windows: readonly Window[]): AmplitudeDrift | null {
  const means = windows
    .filter(({ first, last }) => last > first)
    .map(({ first, last }) => heights.subarray(first, last).reduce((sum, height) => sum + height, 0) / (last - first));
  return means.length === 0 ? null : { lowest: Math.min(...means), highest: Math.max(...means) };
}
