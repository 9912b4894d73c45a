/** Samples at 20 kHz: at least 3 ms between spikes, and 3 to 10 ms within a burst. */
const REFRACTORY = 60;
const BURST_EXTRA = 140;
/** Share of the spikes that continue a burst. */
const BURSTING = 0.2;

/**
 * Draws a cell's spikes, in samples at 20 kHz, ascending: `count` spikes in `length` samples, at random, some in bursts.
 * Bursts are placed in the time that the refractory periods leave, so count * REFRACTORY must be far below `length`.
 */
export function spikeTrain(count: number, length: number, uniform: () => number): number[] {
  const bursts: number[] = [];
  const after: number[] = [];
  let taken = 0;
  for (let row = 0; row < count; row++) {
    const follows = row > 0 && uniform() < BURSTING;
    if (!follows) bursts.push(row);
    taken += REFRACTORY + (follows ? Math.floor(uniform() * BURST_EXTRA) : 0);
    after.push(taken);
  }
  const starts = bursts.map(() => Math.floor(uniform() * (length - taken))).sort((a, b) => a - b);
  const spikes: number[] = [];
  for (let burst = 0; burst < bursts.length; burst++) {
    for (let row = bursts[burst] as number; row < (bursts[burst + 1] ?? count); row++) {
      spikes.push((starts[burst] as number) + (after[row] as number) - 1);
    }
  }
  return spikes;
}
