/**
 * Draws many points as a single SVG path: thousands of Vega items would make an SVG of megabytes. All coordinates are
 * pixels of the plot, y downwards.
 */
import type { Mark } from 'vega';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Whole tenths of a pixel: finer than the eye, and few digits. */
const tenths = (value: number): number => Math.round(value * 10);

/** A line through points; it breaks at a coordinate that is not finite. */
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

/** A horizontal stroke from `x` to `end`; a dot if they are equal. */
export interface Dash extends Point {
  readonly end: number;
}

/** A path of dashes; round caps turn dashes of length 0 into discs as wide as the stroke. */
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

/** Prints tenths as a decimal number in as few characters as SVG allows. */
function decimal(value: number): string {
  return String(value / 10).replace(/^(-?)0\./, '$1.');
}

/** Prints a second coordinate: a minus sign replaces the space before it. */
const signed = (value: number): string => (value < 0 ? decimal(value) : ` ${decimal(value)}`);

/**
 * Reduces samples to the lowest and the highest in each of `columns` equal columns, in their order of time, so that the
 * line looks as if all samples were drawn. Returns ascending indexes into `values`; all indexes if a column has fewer
 * than two samples.
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
 * A path as a Vega mark with the given look, hidden from the accessibility tree. Opacity applies to the fill or stroke
 * itself, so that a renderer needs no separate layer.
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
