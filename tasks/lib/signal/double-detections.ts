import { type Share, shareOf } from './share.ts';

export interface Doubles {
  /** Spikes that follow another by that latency, beyond those that follow by others, as a share of all. */
  readonly share: Share;
  /** In samples. */
  readonly latency: number;
}

/** Latencies that are looked at, in ms: beyond those that no cell fires, and up to where bursts are no longer so regular. */
const FROM = 1;
const TO = 5;
/** Width in ms of the latency: a second trough of the same spike comes at the same time, and noise moves it by a sample or two. */
const WIDTH = 0.3;

/**
 * Spikes that are counted twice because each has a second trough: they follow another by one latency, where a cell's own bursts spread over
 * milliseconds. Null with fewer than two spikes.
 */
export function doubleDetections(spikes: ArrayLike<number>, samplingRate: number): Doubles | null {
  if (spikes.length < 2) return null;
  const [from, to, width] = [FROM, TO, WIDTH].map((ms) => Math.round((ms * samplingRate) / 1000)) as [
    number,
    number,
    number,
  ];
  const counts = new Float64Array(to + 1);
  for (let row = 1; row < spikes.length; row++) {
    const interval = (spikes[row] as number) - (spikes[row - 1] as number);
    if (interval >= from && interval <= to) counts[interval] = (counts[interval] as number) + 1;
  }
  const all = counts.reduce((sum, count) => sum + count, 0);
  let [most, latency] = [0, from];
  for (let at = from; at + width <= to + 1; at++) {
    const here = counts.subarray(at, at + width).reduce((sum, count) => sum + count, 0);
    if (here > most) [most, latency] = [here, at + width / 2];
  }
  const elsewhere = ((all - most) * width) / (to + 1 - from - width);
  // Bursts that begin at one latency and spread from there have others beside it: twice the average, and their chance, is theirs.
  const doubles = Math.max(0, Math.round(most - 3 * elsewhere - 3 * Math.sqrt(elsewhere)));
  return { share: shareOf(doubles, spikes.length), latency };
}
