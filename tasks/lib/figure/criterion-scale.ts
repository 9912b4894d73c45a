import type { Mark, Spec } from 'vega';
import { colors, figureSpec } from './theme.ts';

const width = 220;
const height = 26;

/** A value with its interval on a scale with the limit; on the wrong side of the limit the scale is shaded. */
export function criterionScale(criterion: {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly limit: number;
  readonly side: 'at least' | 'at most' | null;
  /** Highest value of the scale, where one is known: 1 for a share. */
  readonly most: number | null;
  readonly passed: boolean;
}): Spec {
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
  return {
    ...figureSpec({
      description: 'The value on a scale with its limit.',
      width,
      height,
      marks: [
        ...(wrong ? [bar(wrong[0] as number, wrong[1] as number)] : []),
        line({ x: 0, x2: width, y: middle, y2: middle }, colors.rule, 1),
        line({ x: x(limit), x2: x(limit), y: 2, y2: height - 2 }, colors.threshold, 1.5, [4, 3]),
        ...(low === null && high === null
          ? []
          : [line({ x: x(low ?? value ?? 0), x2: x(high ?? end), y: middle, y2: middle }, color, 3)]),
        ...(value === null ? [] : [dot(x(value), middle, color, passed ? 'circle' : 'diamond')]),
      ],
    }),
    padding: 0,
    autosize: 'none',
  };
}

const still = { aria: false, interactive: false } as const;
const values = (channels: { readonly [name: string]: unknown }) =>
  Object.fromEntries(Object.entries(channels).map(([name, value]) => [name, { value }]));

const bar = (from: number, to: number): Mark => ({
  type: 'rect',
  ...still,
  encode: { enter: values({ x: from, x2: to, y: 4, y2: height - 4, fill: colors.threshold, fillOpacity: 0.12 }) },
});

const line = (
  place: { readonly [name: string]: number },
  stroke: string,
  strokeWidth: number,
  strokeDash?: readonly number[],
): Mark => ({
  type: 'rule',
  ...still,
  encode: { enter: values({ ...place, stroke, strokeWidth, ...(strokeDash ? { strokeDash } : {}) }) },
});

const dot = (x: number, y: number, fill: string, shape: string): Mark => ({
  type: 'symbol',
  ...still,
  encode: { enter: values({ x, y, shape, size: 80, fill, stroke: 'white', strokeWidth: 1.5 }) },
});
