/** A share of a count, with its interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Half-width of a 95 % interval in standard errors. */
const Z95 = 1.959964;

/**
 * Returns the share `part` / `whole`, whole > 0, with E. B. Wilson's score interval (1927), which is valid for small counts
 * and for 0 too. `z` is the half-width in standard errors, by default of a 95 % interval.
 */
export function shareOf(part: number, whole: number, z = Z95): Share {
  const value = part / whole;
  const weight = (z * z) / whole;
  const centre = value + weight / 2;
  const reach = z * Math.sqrt((value * (1 - value) + weight / 4) / whole);
  return {
    value,
    low: part === 0 ? 0 : Math.max(0, (centre - reach) / (1 + weight)),
    high: part === whole ? 1 : Math.min(1, (centre + reach) / (1 + weight)),
  };
}
