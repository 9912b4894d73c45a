import { bisect } from '../../../../tasks/lib/statistics/truncated-gaussian.ts';
import type { AmplitudeShape } from '../../../../tasks/lib/synthetic/amplitude-shape.ts';

/** Number of times at which a course is evaluated. */
const LOOKS = 100;

/**
 * Returns the height over the threshold, in sd, at which a cell loses the share `missed` of its spikes over the recording
 * while its mean follows `course`, in sd too.
 */
export function heightFor(missed: number, shape: AmplitudeShape, course: (time: number) => number): number {
  const courses = Array.from({ length: LOOKS }, (_, i) => course((i + 0.5) / LOOKS));
  const lost = (height: number) => courses.reduce((sum, at) => sum + shareBelow(shape, -(height + at)) / LOOKS, 0);
  return bisect((height) => lost(height) > missed, -50, 50);
}

/** Returns the share of the distribution below `at` by bisection of its ascending quantiles. */
function shareBelow(shape: AmplitudeShape, at: number): number {
  let low = 0;
  let high = shape.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((shape[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low / shape.length;
}
