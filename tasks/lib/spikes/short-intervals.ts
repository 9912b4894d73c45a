/** Counts intervals between spikes (ascending, in samples) that are shorter than `limit` samples. */
export function shortIntervals(spikes: ArrayLike<number>, limit: number): number {
  let short = 0;
  for (let i = 1; i < spikes.length; i++) {
    if ((spikes[i] as number) - (spikes[i - 1] as number) < limit) short++;
  }
  return short;
}
