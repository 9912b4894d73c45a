/** Computes the stretch of a trace that is in view. Times in s. */
import type { Stretch } from '../../figure/juxta-trace-paths.ts';

/** Shortest stretch in s: some 200 samples. */
const MIN_LENGTH = 0.01;

/** Moves a stretch into the recording, and lengthens it to the shortest length. */
export function fitted({ from, to }: Stretch, duration: number): Stretch {
  const length = Math.min(duration, Math.max(MIN_LENGTH, to - from));
  const middle = (from + to) / 2;
  const start = Math.max(0, Math.min(duration - length, middle - length / 2));
  return { from: start, to: start + length };
}

/** Lengthens a stretch by `factor`; the time `at` keeps its place in view. */
export function zoomed({ from, to }: Stretch, factor: number, at: number, duration: number): Stretch {
  const length = Math.min(duration, Math.max(MIN_LENGTH, (to - from) * factor));
  const part = to > from ? (at - from) / (to - from) : 0.5;
  return fitted({ from: at - part * length, to: at + (1 - part) * length }, duration);
}

/** Moves a stretch later by a part of its length. */
export const moved = ({ from, to }: Stretch, part: number, duration: number): Stretch =>
  fitted({ from: from + part * (to - from), to: to + part * (to - from) }, duration);
