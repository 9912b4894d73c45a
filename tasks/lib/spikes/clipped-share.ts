/** Number of spikes of equal height from which they count as clipped; a converter's steps alone make a few equal. */
const MIN_EQUAL = 5;

/** Returns the share of the spikes with exactly the greatest height, at which an amplifier or converter saturates. */
export function clippedShare(heights: Float64Array): number {
  if (heights.length === 0) return 0;
  const greatest = heights.reduce((a, b) => Math.max(a, b));
  const equal = heights.filter((height) => height === greatest).length;
  return equal < MIN_EQUAL ? 0 : equal / heights.length;
}
