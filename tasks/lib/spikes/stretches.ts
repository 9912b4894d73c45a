import type { Window } from './windows.ts';

/**
 * Returns stretches that overlap by half, so that an event of twice their length fills at least a stretch: [start, start +
 * width) at every half `width`, each extended until it holds `minSpikes` spikes; stretches that would leave the recording
 * are omitted. Spikes are ascending, in samples.
 */
export function stretchesOf(spikes: ArrayLike<number>, length: number, width: number, minSpikes: number): Window[] {
  const stretches: Window[] = [];
  let first = 0;
  for (let k = 0; (k * width) / 2 < length; k++) {
    const start = Math.round((k * width) / 2);
    while (first < spikes.length && (spikes[first] as number) < start) first++;
    if (first + minSpikes > spikes.length) break;
    const end = Math.max(start + width, (spikes[first + minSpikes - 1] as number) + 1);
    if (end > length) break;
    let last = first + minSpikes;
    while (last < spikes.length && (spikes[last] as number) < end) last++;
    stretches.push({ start, end, first, last });
  }
  return stretches;
}
