/** How long before each of some moments the last spike lies, and how long after it the next; Infinity where there is none. */
export interface Around {
  readonly since: Float64Array;
  readonly until: Float64Array;
}

/** For each of `moments` (ascending) its distances to the spikes (ascending) on either side; a spike at the moment itself is no neighbour. */
export function spikesAround(moments: readonly number[], spikes: ArrayLike<number>): Around {
  const since = new Float64Array(moments.length).fill(Number.POSITIVE_INFINITY);
  const until = new Float64Array(moments.length).fill(Number.POSITIVE_INFINITY);
  let next = 0;
  for (const [index, moment] of moments.entries()) {
    while (next < spikes.length && (spikes[next] as number) < moment) next++;
    const after = spikes[next] === moment ? next + 1 : next;
    if (next > 0) since[index] = moment - (spikes[next - 1] as number);
    if (after < spikes.length) until[index] = (spikes[after] as number) - moment;
  }
  return { since, until };
}

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
