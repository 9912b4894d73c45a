/** A stretch of samples [start, end) without a spike. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the silences of a recording of `length` samples: before the first spike, between spikes, after the last. Spikes
 * are ascending, in samples; without spikes the whole recording is a gap.
 */
export function gapsOf(spikes: ArrayLike<number>, length: number): Gap[] {
  const gaps: Gap[] = [];
  let start = 0;
  for (let i = 0; i <= spikes.length; i++) {
    const end = i < spikes.length ? (spikes[i] as number) : length;
    if (end > start) gaps.push({ start, end });
    start = end + 1;
  }
  return gaps;
}
