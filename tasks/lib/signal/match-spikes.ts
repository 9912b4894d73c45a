import { medianOf } from './median-of.ts';

export interface SpikeAgreement {
  /** Expected spikes that were detected. */
  readonly found: number;
  /** Expected spikes that were not. */
  readonly missed: number;
  /** Detected spikes that nobody expected. */
  readonly extra: number;
  /**
   * Median, over the expected spikes, of the distance to the nearest detected one, in samples; null when either list
   * is empty. It looks beyond the tolerance, so a constant shift shows here and misses do not.
   */
  readonly medianOffset: number | null;
}

/**
 * Compares detected spikes with expected ones, both ascending, in samples. Pairs are one to one, at most `tolerance` samples
 * apart, and as many as possible (in order, the earliest that fit).
 */
export function matchSpikes(
  expected: ArrayLike<number>,
  detected: ArrayLike<number>,
  tolerance: number,
): SpikeAgreement {
  const found = pairSpikes(expected, detected, tolerance).filter(Boolean).length;
  return {
    found,
    missed: expected.length - found,
    extra: detected.length - found,
    medianOffset: medianOf(nearestOffsets(expected, detected)),
  };
}

/** Whether each expected spike has a detected one of its own, in the pairing of `matchSpikes`. */
export function pairSpikes(expected: ArrayLike<number>, detected: ArrayLike<number>, tolerance: number): boolean[] {
  const found = Array.from({ length: expected.length }, () => false);
  for (let e = 0, d = 0; e < expected.length && d < detected.length; ) {
    const offset = (detected[d] as number) - (expected[e] as number);
    if (Math.abs(offset) <= tolerance) found[e] = true;
    if (offset <= tolerance) d++;
    if (offset >= -tolerance) e++;
  }
  return found;
}

/** For every expected spike the signed distance to the nearest detected one; of two equally near, the later. */
function nearestOffsets(expected: ArrayLike<number>, detected: ArrayLike<number>): Float64Array {
  if (detected.length === 0) return new Float64Array(0);
  let nearest = 0;
  return Float64Array.from(expected, (spike) => {
    const distance = (d: number) => Math.abs((detected[d] as number) - spike);
    while (nearest + 1 < detected.length && distance(nearest + 1) <= distance(nearest)) nearest++;
    return (detected[nearest] as number) - spike;
  });
}
