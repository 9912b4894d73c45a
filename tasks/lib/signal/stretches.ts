import type { Window } from './windows.ts';

/**
 * Stretches that overlap by half, so that whatever lasts twice their length fills one: [start, start + width) from every
 * half `width` on, each grown until it holds `fewest` spikes; those that would leave the recording are left out. Spikes are
 * ascending, in samples.
 */
export function stretchesOf(spikes: ArrayLike<number>, length: number, width: number, fewest: number): Window[] {
  const stretches: Window[] = [];
  let first = 0;
  for (let k = 0; (k * width) / 2 < length; k++) {
    const start = Math.round((k * width) / 2);
    while (first < spikes.length && (spikes[first] as number) < start) first++;
    if (first + fewest > spikes.length) break;
    const end = Math.max(start + width, (spikes[first + fewest - 1] as number) + 1);
    if (end > length) break;
    let last = first + fewest;
    while (last < spikes.length && (spikes[last] as number) < end) last++;
    stretches.push({ start, end, first, last });
  }
  return stretches;
}
