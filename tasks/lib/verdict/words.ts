/** Numbers as the reasons say them. */

/** A measured share in percent. */
export const percent = (share: number): string => `${percentNumber(share)} %`;

/** The same without its sign: one decimal, two below 1 %. */
export function percentNumber(share: number): string {
  if (share === 0 || share === 1) return String(share * 100);
  if (share < NEGLIGIBLE) return 'less than 0.01';
  return (share * 100).toFixed(share < 0.01 || share > 0.99 ? 2 : 1);
}

/** Less than this reads as 0.00 %. */
const NEGLIGIBLE = 0.00005;

/** A limit in percent, as it was given. */
export const limitPercent = (limit: number): string => `${Number((limit * 100).toPrecision(12))} %`;

/** An interval of shares, in brackets. */
export const interval = (low: number, high: number): string =>
  high < NEGLIGIBLE ? '' : ` (95 % interval ${percentNumber(low)} to ${percent(high)})`;

/** A measured number of other units: one decimal. */
export const decimal = (value: number): string => String(Number(value.toFixed(1)));

/** The strictest limit that passes, in percent, rounded to the side where it still does. */
export const percentPassing = (limit: number): string => `${roundedUp(limit * 100)} %`;

/** Rounds up (or down, where a limit is a least) to three digits. */
export const roundedUp = (value: number): number => rounded(value, Math.ceil);
export const roundedDown = (value: number): number => rounded(value, Math.floor);

function rounded(value: number, round: (value: number) => number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  let scale = 1;
  while (Math.abs(value) * scale < 100 && scale < 1e9) scale *= 10;
  return round(value * scale) / scale;
}
