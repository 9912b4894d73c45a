import ln from '@stdlib/math-base-special-ln';
import { randomSource } from '../statistics/random.ts';
import { drawFrom, GAUSSIAN } from './amplitude-shape.ts';

/** Seeded draws; all from a single stream of uint32, so that a seed gives the same numbers on every machine. */
export interface Draw {
  /** The stream itself. */
  readonly uint32: () => number;
  /** In [0, 1). */
  uniform(): number;
  between(low: number, high: number): number;
  /** Mean 0, sd 1; at most 4.2 in size. */
  normal(): number;
  /** Mean 1. */
  exponential(): number;
}

export function drawOf(seed: number): Draw {
  const uint32 = randomSource(seed);
  const uniform = () => uint32() / 0x1_0000_0000;
  return {
    uint32,
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    normal: () => drawFrom(GAUSSIAN, uint32),
    exponential: () => -ln(1 - uniform()),
  };
}
