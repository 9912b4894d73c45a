/** The Gaussian distribution function and its inverse for tests: accurate, not fast. */
import erfcx from '@stdlib/math-base-special-erfcx';

export const gaussianShare = (z: number): number =>
  z < 0
    ? (erfcx(-z / Math.SQRT2) * Math.exp((-z * z) / 2)) / 2
    : 1 - (erfcx(z / Math.SQRT2) * Math.exp((-z * z) / 2)) / 2;

/** Inverts the distribution function by bisection. */
export function gaussianQuantile(p: number): number {
  let [low, high] = [-12, 12];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (gaussianShare(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}
