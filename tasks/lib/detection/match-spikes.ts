import { medianOf } from '../statistics/median-of.ts';

export interface SpikeAgreement {
  /** Expected spikes that were detected. */
  readonly found: number;
  /** Expected spikes that were not detected. */
  readonly missed: number;
  /** Detected spikes that were not expected. */
  readonly extra: number;
  /**
   * Median over the expected spikes of the signed distance to the nearest detected spike, in samples; null if either list
   * is empty. It ignores the tolerance, so it shows a constant shift, but not misses.
   */
  readonly medianOffset: number | null;
}

/**
 * Compares detected with expected spikes, both ascending, in samples. Each spike is in at most a single pair, pairs are at
 * most `tolerance` samples apart, and there are as many pairs as possible: in order, the earliest that fit.
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

/** Tells for each expected spike whether it is paired with a detected spike, in the pairing of `matchSpikes`. */
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

/** Returns for every expected spike the signed distance to the nearest detected spike; of two equally near, to the later. */
function nearestOffsets(expected: ArrayLike<number>, detected: ArrayLike<number>): Float64Array {
  if (detected.length === 0) return new Float64Array(0);
  let nearest = 0;
  return Float64Array.from(expected, (spike) => {
    const distance = (d: number) => Math.abs((detected[d] as number) - spike);
    while (nearest + 1 < detected.length && distance(nearest + 1) <= distance(nearest)) nearest++;
    return (detected[nearest] as number) - spike;
  });
}
