/** Distances from each moment to the spike before (`since`) and the spike after (`until`); Infinity without such a spike. */
export interface SpikeDistances {
  readonly since: Float64Array;
  readonly until: Float64Array;
}

/** Moments and spikes must be ascending. A spike at the very moment is skipped. */
export function spikesAround(moments: readonly number[], spikes: ArrayLike<number>): SpikeDistances {
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

/** Distance from each sample to the nearest spike, both ascending; Infinity without spikes. */
export function nearestDistances(samples: readonly number[], spikes: ArrayLike<number>): Float64Array {
  let next = 0;
  return Float64Array.from(samples, (sample) => {
    while (next < spikes.length && (spikes[next] as number) < sample) next++;
    const after = next < spikes.length ? (spikes[next] as number) - sample : Number.POSITIVE_INFINITY;
    const before = next > 0 ? sample - (spikes[next - 1] as number) : Number.POSITIVE_INFINITY;
    return Math.min(before, after);
  });
}
