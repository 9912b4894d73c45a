/** A stretch of the recording and the spikes in it: samples [start, end), rows [first, last) of the spike table. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Cuts a recording of `length` samples into windows of `width` samples, each merged with those after it until it holds
 * `fewest` spikes; a rest with fewer joins the window before it. Spikes are ascending, in samples. Together the windows
 * cover the recording once; with fewer spikes than `fewest` there is one.
 */
export function windowsOf(spikes: ArrayLike<number>, length: number, width: number, fewest: number): Window[] {
  const windows: Window[] = [];
  let start = 0;
  let first = 0;
  let row = 0;
  for (let k = 1; start < length; k++) {
    const end = Math.min(length, Math.round(k * width));
    while (row < spikes.length && ((spikes[row] as number) < end || end === length)) row++;
    if (row - first >= fewest || end === length) {
      windows.push({ start, end, first, last: row });
      start = end;
      first = row;
    }
  }
  const rest = windows.at(-1);
  const before = windows.at(-2);
  if (rest && before && rest.last - rest.first < fewest) {
    windows.splice(-2, 2, { start: before.start, end: rest.end, first: before.first, last: rest.last });
  }
  return windows;
}
