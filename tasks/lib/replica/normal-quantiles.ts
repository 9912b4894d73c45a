/**
 * Returns quantiles of the standard normal distribution at (k + 0.5) / count, k = 0..count-1, count even; a uniformly
 * random index draws from the distribution. The density is integrated outwards from 0 by its differential
 * equation f' = -x f (arithmetic only, so that every machine gets the same bits); error below 1e-5.
 */
export function normalQuantiles(count: number): Float32Array {
  const quantiles = new Float32Array(count);
  let x = 0;
  let density = 1 / Math.sqrt(2 * Math.PI);
  let below = 0.5;
  for (let k = count / 2; k < count; k++) {
    const probability = (k + 0.5) / count;
    for (;;) {
      const next = density * expOfSmall(-(x + STEP / 2) * STEP);
      const area = ((density + next) / 2) * STEP;
      if (below + area >= probability) {
        const quantile = x + (STEP * (probability - below)) / area;
        quantiles[k] = quantile;
        quantiles[count - 1 - k] = -quantile;
        break;
      }
      x += STEP;
      density = next;
      below += area;
    }
  }
  return quantiles;
}

const STEP = 1 / 2048;

/** Computes e^z for |z| << 1 by its Taylor series; the relative error is z^4 / 24. */
export function expOfSmall(z: number): number {
  return 1 + z * (1 + (z / 2) * (1 + z / 3));
}
