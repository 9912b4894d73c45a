import type { Point } from './pixel-path.ts';

/**
 * Leaves out points that hide behind others: of all points in one cell of a grid only the first is kept. The
 * grid is as fine as half a pixel and gets coarser until at most `limit` points are left. Points that
 * `matters` names (near the threshold) are thinned only as far as half a pixel, unless they alone are too many.
 */
export function thinPoints(points: readonly Point[], limit: number, matters: (point: Point) => boolean): Point[] {
  const important = coarsen(points.filter(matters), limit);
  const others = coarsen(
    points.filter((point) => !matters(point)),
    Math.max(limit - important.length, Math.floor(limit / 4)),
  );
  return [...others, ...important];
}

function coarsen(points: readonly Point[], limit: number): readonly Point[] {
  for (let cell = 0.5; ; cell *= 1.25) {
    const kept = firstOfEachCell(points, cell);
    if (kept.length <= limit) return kept;
  }
}

function firstOfEachCell(points: readonly Point[], cell: number): Point[] {
  const taken = new Set<number>();
  return points.filter(({ x, y }) => {
    const key = Math.floor(x / cell) * 65_536 + Math.floor(y / cell);
    return !taken.has(key) && taken.add(key);
  });
}
