/** For each of `samples` (ascending) the distance to the nearest of `spikes` (ascending); Infinity where there are none. */
export function nearestDistances(samples: readonly number[], spikes: ArrayLike<number>): Float64Array {
  let next = 0;
  return Float64Array.from(samples, (sample) => {
    while (next < spikes.length && (spikes[next] as number) < sample) next++;
    const after = next < spikes.length ? (spikes[next] as number) - sample : Number.POSITIVE_INFINITY;
    const before = next > 0 ? sample - (spikes[next - 1] as number) : Number.POSITIVE_INFINITY;
    return Math.min(before, after);
  });
}
