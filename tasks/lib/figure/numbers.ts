/** Numbers in figures: rounded for stable bytes, mapped to pixels, printed for a reader. */

/** Rounds to tenths: as pixels, finer than the eye, and few digits. */
export const toTenths = (value: number): number => Math.round(value * 10) / 10;

/** Rounds a number in a spec to seven significant digits; never returns -0. */
export const rounded = (value: number): number => Number(value.toPrecision(7)) + 0;

/** Maps a domain linearly to a range, with the same arithmetic as Vega's linear scale. */
export function linear(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * Returns the smallest domain that holds all finite values, widened on both sides by `margin` times its length. Equal
 * values are widened by a unit, and without values the domain is [-1, 1].
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

/** Prints a measured value with about three digits and a true minus sign. */
export function valueLabel(value: number): string {
  const text = magnitudeLabel(Math.abs(value));
  return value < 0 ? `\u2212${text}` : text;
}

function magnitudeLabel(size: number): string {
  if (size === 0) return '0';
  if (size < 0.001 || size >= 1e6) return size.toExponential(2);
  if (size >= 1000) return groupedDigits(size.toFixed(0));
  if (size >= 100) return groupedDigits(size.toFixed(1));
  return size.toFixed(size >= 0.1 ? 2 : 4);
}

/** Prints a count with its noun: `7,639 spikes`, `1 spike`. */
export function countLabel(count: number, noun: string): string {
  return `${groupedDigits(String(count))} ${noun}${count === 1 ? '' : 's'}`;
}

/** Puts commas between thousands, but not after a decimal point. */
const groupedDigits = (digits: string): string => digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
