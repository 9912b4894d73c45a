import { toTenths } from '../figure/numbers.ts';
import { colors } from '../figure/theme.ts';
import { type Html, html } from './html.ts';

const WIDTH = 220;
const HEIGHT = 26;
const INSET = 6;

/**
 * A value with its interval on a scale with the limit; the wrong side of the limit is shaded. A page has hundreds of
 * these, so the SVG is written directly, in a thirtieth of the time that Vega takes. `label` is for readers who cannot see
 * it.
 */
export function criterionScale(
  criterion: {
    readonly value: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly limit: number;
    readonly side: 'at least' | 'at most' | null;
    /** Highest possible value: 1 for a share; null if unknown. */
    readonly max: number | null;
    readonly passed: boolean;
  },
  label: string,
): Html {
  const { value, low, high, limit, side, max, passed } = criterion;
  const known = [value, low, high, limit].filter((number) => number !== null);
  const farthest = max ?? Math.max(...known.map(Math.abs)) * 1.25;
  const isSigned = known.some((number) => number < 0);
  const end = farthest > 0 ? farthest : 1;
  // A square root scale, on which a share of 0.1 % can be told from 1 %.
  const x = (at: number): number => {
    const part = Math.sqrt(Math.min(1, Math.abs(at) / end));
    const place = isSigned ? 0.5 + (Math.sign(at) * part) / 2 : part;
    return toTenths(INSET + place * (WIDTH - 2 * INSET));
  };
  const middle = HEIGHT / 2;
  const color = passed ? colors.data : colors.threshold;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${label}" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>${[
    side === 'at least' ? shaded(0, x(limit)) : null,
    side === 'at most' ? shaded(x(limit), WIDTH) : null,
    html`<path d="M0 ${middle}H${WIDTH}" stroke="${colors.rule}"/>`,
    html`<path d="M${x(limit)} 2V${HEIGHT - 2}" stroke="${colors.threshold}" stroke-width="1.5" stroke-dasharray="4,3"/>`,
    low === null && high === null
      ? null
      : html`<path d="M${x(low ?? value ?? 0)} ${middle}H${x(high ?? end)}" stroke="${color}" stroke-width="3"/>`,
    value === null
      ? null
      : html`<path d="M${x(value)} ${middle}${passed ? DISC : DIAMOND}" fill="${color}" stroke="white" stroke-width="1.5"/>`,
  ]}</svg>`;
}

const shaded = (from: number, to: number): Html =>
  html`<path d="M${from} 4H${to}V${HEIGHT - 4}H${from}z" fill="${colors.threshold}" fill-opacity="0.12"/>`;

const DISC = 'm-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z';
const DIAMOND = 'm-4.5 0l4.5-4.5l4.5 4.5l-4.5 4.5z';
