import { normalQuantiles } from '../replica/normal-quantiles.ts';

/** A distribution of mean 0 and sd 1 by its quantiles, ascending: to draw from it, read it at a random place. */
export type AmplitudeShape = Float32Array;

const QUANTILES = 1 << 16;

export const GAUSSIAN: AmplitudeShape = normalQuantiles(QUANTILES);

/** Draws one value; a uint32 has bits enough. */
export const drawFrom = (shape: AmplitudeShape, random: () => number): number => shape[random() >>> 16] as number;

/** The share of the distribution below `at`. */
export function shareBelow(shape: AmplitudeShape, at: number): number {
  let low = 0;
  let high = shape.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shape[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low / shape.length;
}

/**
 * A skewed distribution: z + c (z^2 - 1) of a standard normal z, scaled to sd 1 (the quadratic form of A. I. Fleishman's
 * power method, Psychometrika 43, 1978). Its skewness is (6 c + 8 c^3) / (1 + 2 c^2)^(3/2), at most 2.8 in size.
 */
export function skewedShape(skewness: number): AmplitudeShape {
  const wanted = Math.abs(skewness);
  let low = 0;
  let high = 8;
  for (let step = 0; step < 60; step++) {
    const c = (low + high) / 2;
    if (skewnessOf(c) < wanted) low = c;
    else high = c;
  }
  const c = skewness < 0 ? -low : low;
  const sd = Math.sqrt(1 + 2 * c * c);
  return GAUSSIAN.map((z) => (z + c * (z * z - 1)) / sd).sort();
}

function skewnessOf(c: number): number {
  const variance = 1 + 2 * c * c;
  return (6 * c + 8 * c * c * c) / (variance * Math.sqrt(variance));
}
