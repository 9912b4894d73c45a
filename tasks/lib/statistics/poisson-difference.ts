/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Quantile 0.975 of the standard normal. */
const Z = 1.959963984540054;

/** Estimates the mean of a Poisson distribution from a count, with the score interval (count - mean)^2 <= z^2 mean, by default of 95 %. */
export function poissonMean(count: number, z = Z): Estimate {
  const middle = count + (z * z) / 2;
  const half = z * Math.sqrt(count + (z * z) / 4);
  return { estimate: count, low: count === 0 ? 0 : Math.max(0, middle - half), high: middle + half };
}

/**
 * Estimates the excess of the mean behind `count` over the mean behind `background`; at least 0, because it is a number of
 * events. The score intervals are combined by the method of variance estimates recovery, MOVER (Zou & Donner 2008; for
 * Poisson rates Li, Tang, Poon & Tang 2011). It covers the truth in 95 % of cases or more, also for small means.
 */
export function poissonDifference(count: number, background: number): Estimate {
  const a = poissonMean(count);
  const b = poissonMean(background);
  const difference = count - background;
  return {
    estimate: Math.max(0, difference),
    low: Math.max(0, difference - distance(count - a.low, b.high - background)),
    high: Math.max(0, difference + distance(a.high - count, background - b.low)),
  };
}

const distance = (x: number, y: number): number => Math.sqrt(x * x + y * y);
