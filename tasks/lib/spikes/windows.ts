/** A stretch of the recording and its spikes: samples [start, end), rows [first, last) of the spike table. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Cuts a recording of `length` samples into windows of `width` samples, each merged with the next windows until it holds
 * `minSpikes` spikes; a rest with fewer spikes joins the window before it. Spikes are ascending, in samples. Together the
 * windows cover the recording once; with fewer than `minSpikes` spikes there is a single window.
 */
export function windowsOf(spikes: ArrayLike<number>, length: number, width: number, minSpikes: number): Window[] {
  const windows: Window[] = [];
  let start = 0;
  let first = 0;
  let row = 0;
  for (let k = 1; start < length; k++) {
    const end = Math.min(length, Math.round(k * width));
    while (row < spikes.length && ((spikes[row] as number) < end || end === length)) row++;
    if (row - first >= minSpikes || end === length) {
      windows.push({ start, end, first, last: row });
      start = end;
      first = row;
    }
  }
  const rest = windows.at(-1);
  const before = windows.at(-2);
  if (rest && before && rest.last - rest.first < minSpikes) {
    windows.splice(-2, 2, { start: before.start, end: rest.end, first: before.first, last: rest.last });
  }
  return windows;
}
