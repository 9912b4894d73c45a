/** Names criteria and prints their numbers for the page. */
import { CRITERIA, type CriterionFacts, type Unit } from '../verdict/criteria.ts';
import { roundedDown, roundedUp } from '../verdict/words.ts';

interface CriterionWords {
  readonly label: string;
  /** Side of the limit on which a value passes; null if unknown. */
  readonly side: 'at least' | 'at most' | null;
  /** `%`: the value is a share of 1. */
  readonly unit: Unit;
}

const KNOWN: { readonly [criterion: string]: CriterionFacts } = CRITERIA;

/** An unknown criterion keeps its name; a name ending in `_fraction` means a share. */
export function criterionWords(criterion: string): CriterionWords {
  const words = Object.hasOwn(KNOWN, criterion) ? KNOWN[criterion] : undefined;
  const label = criterion.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
  return words ?? { label, side: null, unit: criterion.endsWith('_fraction') ? '%' : '' };
}

/** Prints a value with its unit and about three digits; null is a dash. */
export function amount(value: number | null, unit: Unit): string {
  if (value === null) return '\u2013';
  if (unit === '%') return `${share(value)} %`;
  return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
}

/** Prints a limit with all digits that were given. */
export const limitAmount = (limit: number, unit: Unit): string =>
  unit === '%' ? `${Number((limit * 100).toPrecision(12))} %` : amount(limit, unit);

/** Prints both ends of an interval. */
export function interval(low: number | null, high: number | null, unit: Unit): string {
  if (low === null && high === null) return '\u2013';
  if (low === null) return `up to ${amount(high, unit)}`;
  if (high === null) return `from ${amount(low, unit)}`;
  const from = unit === '%' ? share(low) : digits(low);
  return `${from} to ${amount(high, unit)}`;
}

/** Prints the strictest limit at which a criterion passes, rounded to the side on which it still passes. */
export function passingLimit(limit: number, { side, unit }: CriterionWords): string {
  const rounded = (side === 'at least' ? roundedDown : roundedUp)(unit === '%' ? limit * 100 : limit);
  return unit === '' ? String(rounded) : `${rounded} ${unit}`;
}

/** Prints a share in percent. */
function share(value: number): string {
  if (value > 0 && value < 0.00005) return '< 0.01';
  return minus(value === 0 ? '0' : (value * 100).toFixed(Math.abs(value) < 0.01 ? 2 : 1));
}

const digits = (value: number): string =>
  minus(Number.isInteger(value) ? grouped(value) : value.toFixed(Math.abs(value) < 1 ? 2 : 1));

/** Prints a whole number with thin spaces between thousands. */
const grouped = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, '\u2009');

const minus = (text: string): string => text.replace('-', '\u2212');
