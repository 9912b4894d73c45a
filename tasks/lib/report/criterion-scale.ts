import { colors } from '../figure/theme.ts';
import { type Html, html } from './html.ts';

const width = 220;
const height = 26;

/**
 * A value with its interval on a scale with the limit; on the wrong side of the limit the scale is shaded. A page has
 * hundreds of these few shapes: they are written as they are, in a thirtieth of the time that Vega takes. `label` is for
 * those who cannot see them.
 */
export function criterionScale(
  criterion: {
    readonly value: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly limit: number;
    readonly side: 'at least' | 'at most' | null;
    /** Highest value of the scale, where one is known: 1 for a share. */
    readonly most: number | null;
    readonly passed: boolean;
  },
  label: string,
): Html {
  const { value, low, high, limit, side, most, passed } = criterion;
  const known = [value, low, high, limit].filter((one) => one !== null);
  const farthest = most ?? Math.max(...known.map(Math.abs)) * 1.25;
  const isSigned = known.some((one) => one < 0);
  const end = farthest > 0 ? farthest : 1;
  // Square roots, so that a share of 0.1 % can be told from 1 % on a scale up to all.
  const x = (at: number): number => {
    const part = Math.sqrt(Math.min(1, Math.abs(at) / end));
    const inset = 6;
    const place = isSigned ? 0.5 + (Math.sign(at) * part) / 2 : part;
    return Math.round((inset + place * (width - 2 * inset)) * 10) / 10;
  };
  const middle = height / 2;
  const color = passed ? colors.data : colors.threshold;
  const wrong = side === 'at least' ? [0, x(limit)] : side === 'at most' ? [x(limit), width] : null;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${label}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}" fill="white"/>${[
    wrong && bar(wrong[0] as number, wrong[1] as number),
    html`<path d="M0 ${middle}H${width}" stroke="${colors.rule}"/>`,
    html`<path d="M${x(limit)} 2V${height - 2}" stroke="${colors.threshold}" stroke-width="1.5" stroke-dasharray="4,3"/>`,
    low === null && high === null
      ? null
      : html`<path d="M${x(low ?? value ?? 0)} ${middle}H${x(high ?? end)}" stroke="${color}" stroke-width="3"/>`,
    value === null
      ? null
      : html`<path d="M${x(value)} ${middle}${passed ? disc : diamond}" fill="${color}" stroke="white" stroke-width="1.5"/>`,
  ]}</svg>`;
}

const bar = (from: number, to: number): Html =>
  html`<path d="M${from} 4H${to}V${height - 4}H${from}z" fill="${colors.threshold}" fill-opacity="0.12"/>`;

const disc = 'm-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z';
const diamond = 'm-4.5 0l4.5-4.5l4.5 4.5l-4.5 4.5z';
