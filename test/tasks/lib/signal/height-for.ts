import { bisect } from '../../../../tasks/lib/signal/truncated-gaussian.ts';
import type { AmplitudeShape } from '../../../../tasks/lib/synthetic/amplitude-shape.ts';

/** Times at which a course is looked at. */
const LOOKS = 100;

/**
 * How high over the threshold, in sd, a cell must lie to lose the share `missed` of its spikes over the recording while its
 * mean follows `course`, in sd too.
 */
export function heightFor(missed: number, shape: AmplitudeShape, course: (time: number) => number): number {
  const courses = Array.from({ length: LOOKS }, (_, i) => course((i + 0.5) / LOOKS));
  const lost = (height: number) => courses.reduce((sum, at) => sum + shareBelow(shape, -(height + at)) / LOOKS, 0);
  return bisect((height) => lost(height) > missed, -50, 50);
}

/** The share of the distribution below `at`. */
function shareBelow(shape: AmplitudeShape, at: number): number {
  const first = shape.findIndex((value) => value >= at);
  return first === -1 ? 1 : first / shape.length;
}
