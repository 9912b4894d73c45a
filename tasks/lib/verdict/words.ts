/** Prints numbers for the reasons. */

/** A measured share in percent. */
export const percent = (share: number): string => `${percentNumber(share)} %`;

/** The same without the percent sign: a single decimal, two below 1 %. */
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

/** A measured number of another unit, with at most a single decimal. */
export const decimal = (value: number): string => String(Number(value.toFixed(1)));

/** A measured share for the sentence of a verdict: whole percents from 10 % on, and two decimals next to the limit. */
export function roughPercent(share: number, limit: number): string {
  const nearLimit = share !== limit && Math.abs(share - limit) < limit / 10;
  if (nearLimit) return `${(share * 100).toFixed(2)} %`;
  return share >= 0.1 && share <= 0.99 ? `${Math.round(share * 100)} %` : percent(share);
}

/** A share of missing spikes in a clause. A share within the limit is a doubt because of its upper end; null if unknown. */
export function missedClause({ value, high, limit }: { value: number; high: number | null; limit: number }): string {
  if (value > limit) return `${roughPercent(value, limit)} of the spikes are missing ${limitInBrackets(limit)}`;
  if (high !== null) return `up to ${roughPercent(high, limit)} of the spikes may be missing ${limitInBrackets(limit)}`;
  return `${percent(value)} of the spikes are missing, perhaps more than the limit of ${limitPercent(limit)}`;
}

/** The limit of a criterion, in brackets. */
export const limitInBrackets = (limit: number): string => `(limit ${limitPercent(limit)})`;

/** Round a limit to three digits, to the side on which the criterion still passes. */
export const roundedUp = (value: number): number => rounded(value, Math.ceil);
export const roundedDown = (value: number): number => rounded(value, Math.floor);

function rounded(value: number, round: (value: number) => number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  let scale = 1;
  while (Math.abs(value) * scale < 100 && scale < 1e9) scale *= 10;
  return round(value * scale) / scale;
}
