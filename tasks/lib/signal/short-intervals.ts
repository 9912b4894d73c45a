/** How many intervals between spikes, ascending, in samples, are shorter than `shortest` samples. */
export function shortIntervals(spikes: ArrayLike<number>, shortest: number): number {
  let short = 0;
  for (let i = 1; i < spikes.length; i++) {
    if ((spikes[i] as number) - (spikes[i - 1] as number) < shortest) short++;
  }
  return short;
}
