/** Spikes that share one greatest height to be held for clipped: a converter's steps alone make a few equal. */
const FEWEST = 5;

/** The share of the spikes that have exactly the greatest height of all: an amplifier or a converter that saturates cuts them there. */
export function clippedShare(heights: Float64Array): number {
  if (heights.length === 0) return 0;
  const greatest = heights.reduce((a, b) => Math.max(a, b));
  const equal = heights.filter((height) => height === greatest).length;
  return equal < FEWEST ? 0 : equal / heights.length;
}
