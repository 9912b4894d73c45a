/** Which stretch of a trace is in view. Times in s. */
import type { Stretch } from '../../figure/juxta-trace-paths.ts';

/** No closer than this: some 200 samples. */
const SHORTEST = 0.01;

/** Inside the recording, and not too short to show anything. */
export function fitted({ from, to }: Stretch, duration: number): Stretch {
  const length = Math.min(duration, Math.max(SHORTEST, to - from));
  const middle = (from + to) / 2;
  const start = Math.max(0, Math.min(duration - length, middle - length / 2));
  return { from: start, to: start + length };
}

/** Longer by `factor`, with `at` where it was. */
export function zoomed({ from, to }: Stretch, factor: number, at: number, duration: number): Stretch {
  const length = Math.min(duration, Math.max(SHORTEST, (to - from) * factor));
  const part = to > from ? (at - from) / (to - from) : 0.5;
  return fitted({ from: at - part * length, to: at + (1 - part) * length }, duration);
}

/** Later by a part of its length. */
export const moved = ({ from, to }: Stretch, part: number, duration: number): Stretch =>
  fitted({ from: from + part * (to - from), to: to + part * (to - from) }, duration);
