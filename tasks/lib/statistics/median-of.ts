/** Returns the median of a few float64 values, by sorting; an even number averages the middle two. Null without values. */
export function medianOf(values: Float64Array): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
