import { type Share, shareOf } from '../statistics/share.ts';

export interface Doubles {
  /** Share of all spikes that follow another by that latency, beyond the number expected from other latencies. */
  readonly share: Share;
  /** In samples. */
  readonly latency: number;
}

/** Range of latencies in ms: longer than any cell's refractory period, and shorter than the intervals of irregular bursts. */
const FROM = 1;
const TO = 5;
/** Width in ms of a latency: the second trough of a spike comes after a fixed time, and noise moves it by a sample or two. */
const WIDTH = 0.3;

/**
 * Estimates the spikes that are counted twice because of a second trough: they follow another at a fixed latency, whereas
 * a cell's bursts spread over milliseconds. Null with fewer than two spikes.
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
  let [peak, latency] = [0, from];
  for (let at = from; at + width <= to + 1; at++) {
    const here = counts.subarray(at, at + width).reduce((sum, count) => sum + count, 0);
    if (here > peak) [peak, latency] = [here, at + width / 2];
  }
  const elsewhere = ((all - peak) * width) / (to + 1 - from - width);
  // Bursts concentrate near a latency too, so three times the average elsewhere, and its chance, are not counted.
  const doubles = Math.max(0, Math.round(peak - 3 * elsewhere - 3 * Math.sqrt(elsewhere)));
  return { share: shareOf(doubles, spikes.length), latency };
}
