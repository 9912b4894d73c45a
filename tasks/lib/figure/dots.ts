import { type Dash, dashesPath, type Point } from './pixel-path.ts';

/**
 * A path of at most `limit` dots, for a stroke with round caps. If there are more points, dots that hide each other are
 * merged: points in the same cell of a grid become a dot, neighbouring cells in a row become a dash. Cells start at half
 * a pixel and grow only as far as needed. Points for which `isImportant` is true (near the threshold) have their own
 * grid, so that crowds elsewhere do not coarsen it.
 */
export function dotsPath(points: readonly Point[], limit: number, isImportant: (point: Point) => boolean): string {
  const important = merged(points.filter(isImportant), limit / 2);
  const others = merged(
    points.filter((point) => !isImportant(point)),
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

/** Returns dashes row by row, from left to right; the first point in a cell gives the position. */
function dashesOf(points: readonly Point[], cell: number): Dash[] {
  // Cell and index are packed into a single number, so that sorting needs no comparison function.
  const keys = Float64Array.from(points, ({ x, y }, i) => {
    const cellIndex = Math.floor(y / cell) * ROW_LENGTH + Math.floor(x / cell);
    return cellIndex * points.length + i;
  }).sort();
  const dashes: { x: number; y: number; end: number }[] = [];
  let previous = Number.NaN;
  for (const key of keys) {
    const cellIndex = Math.floor(key / points.length);
    if (cellIndex === previous) continue;
    const { x, y } = points[key - cellIndex * points.length] as Point;
    const open = dashes.at(-1);
    if (open !== undefined && cellIndex === previous + 1) open.end = x;
    else dashes.push({ x, y, end: x });
    previous = cellIndex;
  }
  return dashes;
}

/** Cells in a row of the grid; far more than a plot is wide, so that rows do not meet. */
const ROW_LENGTH = 65_536;
