/** Numbers in figures: rounded for stable bytes, mapped to pixels, printed for a reader. */

/** Rounded to seven significant digits, and never -0: what goes into a spec. */
export const rounded = (value: number): number => Number(value.toPrecision(7)) + 0;

/** The linear map from a domain to a range, the one that Vega's linear scale makes too. */
export function linear(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * The smallest domain that holds all finite values, widened by `margin` of its length on both sides; by one
 * unit where all values are equal (or there are none, around 0).
 */
export function domainOf(values: Iterable<number>, margin: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [-1, 1];
  const pad = (high - low) * margin;
  const domain = [rounded(low - pad), rounded(high + pad)] as const;
  return domain[0] < domain[1] ? [...domain] : [rounded(low - 1), rounded(high + 1)];
}

/** A measured value as a label: about three digits, a true minus sign. */
export function valueLabel(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 0.1 || size === 0 ? 2 : 4;
  const text =
    size >= 0.001 && size < 1e6 ? groupedDigits(size.toFixed(decimals)) : size === 0 ? '0' : size.toExponential(2);
  return value < 0 ? `\u2212${text}` : text;
}

/** A count with its noun: `7,639 spikes`, `1 spike`. */
export function countLabel(count: number, noun: string): string {
  return `${groupedDigits(String(count))} ${noun}${count === 1 ? '' : 's'}`;
}

/** A number's digits with commas between thousands; those after a point are left alone. */
const groupedDigits = (digits: string): string => digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
