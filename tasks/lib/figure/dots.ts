import { type Dash, dashesPath, type Point } from './pixel-path.ts';

/**
 * A path of dots, for a stroke with round caps. Where more than `limit` would be needed, dots that hide each
 * other are merged: points in one cell of a grid become one, cells side by side one dash. The grid is as fine
 * as half a pixel and grows only as far as it must. Points that `matters` names (near the threshold) have a
 * grid of their own, so that a crowd elsewhere does not coarsen theirs.
 */
export function dotsPath(points: readonly Point[], limit: number, matters: (point: Point) => boolean): string {
  const important = merged(points.filter(matters), limit / 2);
  const others = merged(
    points.filter((point) => !matters(point)),
    limit - important.length,
  );
  return dashesPath([...others, ...important]);
}

function merged(points: readonly Point[], limit: number): readonly Dash[] {
  for (let cell = 0.5; ; cell *= 1.25) {
    const dashes = dashesOf(points, cell);
    if (dashes.length <= limit) return dashes;
  }
}

/** In order of rows, from left to right; of several points in one cell the first stands. */
function dashesOf(points: readonly Point[], cell: number): Dash[] {
  // A point's cell and its place among the points in one number: sorted as such, which needs no comparing function.
  const keys = Float64Array.from(points, ({ x, y }, i) => {
    const key = Math.floor(y / cell) * rowLength + Math.floor(x / cell);
    return key * points.length + i;
  }).sort();
  const dashes: { x: number; y: number; end: number }[] = [];
  let previous = Number.NaN;
  for (const key of keys) {
    const own = Math.floor(key / points.length);
    if (own === previous) continue;
    const { x, y } = points[key - own * points.length] as Point;
    const open = dashes.at(-1);
    if (open !== undefined && own === previous + 1) open.end = x;
    else dashes.push({ x, y, end: x });
    previous = own;
  }
  return dashes;
}

/** Cells in a row of the grid, with room on both sides of any plot. */
const rowLength = 65_536;
