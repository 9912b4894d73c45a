/**
 * Big data as one SVG path: thousands of points as thousands of Vega items would make an SVG of megabytes.
 * All coordinates are pixels of the plot, y downwards.
 */
import type { Mark } from 'vega';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Tenths of a pixel: finer than the eye, and few digits. */
const tenths = (value: number): number => Math.round(value * 10);

/** A line through points; where a coordinate is no number, it breaks. */
export function linePath(points: Iterable<Point>): string {
  let path = '';
  let x = 0;
  let y = 0;
  let drawing = false;
  for (const point of points) {
    const nextX = tenths(point.x);
    const nextY = tenths(point.y);
    if (!Number.isFinite(nextX + nextY)) {
      drawing = false;
      continue;
    }
    if (!drawing) path += `M${decimal(nextX)}${signed(nextY)}`;
    else if (nextX === x && nextY === y) continue;
    else if (nextX === x) path += `v${decimal(nextY - y)}`;
    else if (nextY === y) path += `h${decimal(nextX - x)}`;
    else path += `l${decimal(nextX - x)}${signed(nextY - y)}`;
    drawing = true;
    x = nextX;
    y = nextY;
  }
  return path;
}

/** The area between an upper and a lower line. */
export function areaPath(upper: readonly Point[], lower: readonly Point[]): string {
  const outline = linePath([...upper, ...lower.toReversed()].filter(({ x, y }) => Number.isFinite(x + y)));
  return outline === '' ? '' : `${outline}z`;
}

/** A level stroke from `x` to `end`; a dot where they are equal. */
export interface Dash extends Point {
  readonly end: number;
}

/** Dashes; round caps turn those of no length into discs as wide as the stroke. */
export function dashesPath(dashes: Iterable<Dash>): string {
  let path = '';
  let x = 0;
  let y = 0;
  for (const dash of dashes) {
    const [fromX, nextY, toX] = [tenths(dash.x), tenths(dash.y), tenths(dash.end)];
    path += `m${decimal(fromX - x)}${signed(nextY - y)}h${decimal(toX - fromX)}`;
    x = toX;
    y = nextY;
  }
  return path.replace(/^m/, 'M');
}

/** Tenths as a decimal number in as few characters as SVG allows. */
function decimal(value: number): string {
  return String(value / 10).replace(/^(-?)0\./, '$1.');
}

/** A second coordinate: a minus sign already separates. */
const signed = (value: number): string => (value < 0 ? decimal(value) : ` ${decimal(value)}`);

/**
 * Thousands of samples over a few hundred pixels: of the samples in each of `columns` equal columns the
 * lowest and the highest, in the order in which they came, so that the line looks as if all had been drawn.
 * Returns indexes into `values`, ascending; all of them when there are fewer than two a column.
 */
export function extremes(values: ArrayLike<number>, columns: number): number[] {
  const n = values.length;
  if (n <= 2 * columns) return Array.from({ length: n }, (_, i) => i);
  const kept: number[] = [];
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * n) / columns);
    const end = Math.floor(((column + 1) * n) / columns);
    let low = start;
    let high = start;
    for (let i = start + 1; i < end; i++) {
      const value = values[i] as number;
      if (value < (values[low] as number)) low = i;
      if (value > (values[high] as number)) high = i;
    }
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  return kept;
}

/**
 * A path as a Vega mark, with the given look. Paths are kept out of the accessibility tree. Opacity is that of the one
 * paint: what draws the figure need not make a layer for it.
 */
export function pathMark(
  path: string,
  look: {
    readonly strokeWidth?: number;
    readonly opacity?: number;
    readonly round?: boolean;
  } & ({ readonly stroke?: string } | { readonly fill: string; readonly stroke?: never }),
): Mark {
  const { round, opacity, ...rest } = look;
  const paint = 'fill' in look ? { fillOpacity: opacity } : { strokeOpacity: opacity };
  const channels = Object.fromEntries(
    Object.entries({ ...rest, ...(opacity !== undefined && paint) }).map(([channel, value]) => [channel, { value }]),
  );
  const caps =
    round === true ? { strokeCap: { value: 'round' as const }, strokeJoin: { value: 'round' as const } } : {};
  return {
    type: 'path',
    interactive: false,
    aria: false,
    encode: { enter: { path: { value: path }, ...channels, ...caps } },
  };
}
