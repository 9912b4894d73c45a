import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dotsPath } from '../../../../tasks/lib/figure/dots.ts';
import { areaPath, dashesPath, extremes, linePath, type Point } from '../../../../tasks/lib/figure/pixel-path.ts';

const numbers = (text: string): number[] => (text.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);

/** The points that a path of `M`, `m`, `l`, `h` and `v` visits, by SVG's rules. */
function visited(path: string): Point[] {
  let x = 0;
  let y = 0;
  return [...path.matchAll(/([Mmlhv])([^Mmlhvz]*)/g)].map(([, command, rest = '']) => {
    const [first = 0, second = 0] = numbers(rest);
    if (command === 'M') [x, y] = [first, second];
    else if (command === 'v') y += first;
    else [x, y] = [x + first, y + (command === 'h' ? 0 : second)];
    return { x, y };
  });
}

const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });

test('linePath visits its points to a twentieth of a pixel at any length', () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 200 }), (points) => {
      const tenth = (value: number) => Math.round(value * 10) / 10;
      const exact = points.map(({ x, y }) => ({ x: tenth(x), y: tenth(y) }));
      const distinct = exact.filter((p, i) => i === 0 || p.x !== exact[i - 1]?.x || p.y !== exact[i - 1]?.y);
      const path = visited(linePath(points));
      expect(path).toHaveLength(distinct.length);
      path.forEach((p, i) => {
        expect(p.x).toBeCloseTo(distinct[i]?.x as number, 6);
        expect(p.y).toBeCloseTo(distinct[i]?.y as number, 6);
      });
    }),
  );
});

test('paths take few characters', () => {
  expect(
    linePath([
      { x: 0, y: 0.5 },
      { x: 0.3, y: 0.5 },
      { x: 1, y: -2 },
      { x: 1, y: 3 },
    ]),
  ).toBe('M0 .5h.3l.7-2.5v5');
  expect(
    areaPath(
      [
        { x: 0, y: 1 },
        { x: 2, y: 1 },
      ],
      [
        { x: 0, y: 3 },
        { x: 2, y: 3 },
      ],
    ),
  ).toBe('M0 1h2v2h-2z');
  expect(
    dashesPath([
      { x: 1, y: 2, end: 1 },
      { x: 3, y: 1.5, end: 5 },
    ]),
  ).toBe('M1 2h0m2-.5h2');
});

test('linePath breaks at a missing number, and areaPath without numbers is empty', () => {
  expect(
    linePath([
      { x: 0, y: 0 },
      { x: 1, y: Number.NaN },
      { x: 2, y: 0 },
      { x: 3, y: 0 },
    ]),
  ).toBe('M0 0M2 0h1');
  expect(areaPath([{ x: 0, y: Number.NaN }], [{ x: 0, y: Number.NaN }])).toBe('');
  expect(linePath([])).toBe('');
});

test('extremes keeps the lowest and highest of every column, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 300 }),
      fc.integer({ min: 1, max: 40 }),
      (values, columns) => {
        const kept = extremes(values, columns);
        expect(kept.length).toBeLessThanOrEqual(2 * columns);
        expect([...new Set(kept)].sort((a, b) => a - b)).toEqual(kept);
        for (let column = 0; column < columns; column++) {
          const inside = (i: number) =>
            i >= Math.floor((column * values.length) / columns) &&
            i < Math.floor(((column + 1) * values.length) / columns);
          const all = values.filter((_, i) => inside(i));
          const drawn = kept.filter(inside).map((i) => values[i] as number);
          if (all.length === 0) continue;
          expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...all), Math.max(...all)]);
        }
      },
    ),
  );
});

test('dotsPath draws few dots at their exact places', () => {
  const points = [
    { x: 10, y: 20 },
    { x: 300.2, y: 20 },
    { x: 5.5, y: 1 },
  ];
  const drawn = visited(dotsPath(points, 100, () => false));
  for (const { x, y } of points)
    expect(drawn.some((p) => Math.abs(p.x - x) < 0.1 && Math.abs(p.y - y) < 0.1)).toBe(true);
});

test('dotsPath merges many dots to at most the limit, each near its place', () => {
  const dots = fc.array(
    fc.record({ x: fc.double({ min: 0, max: 60, noNaN: true }), y: fc.double({ min: 0, max: 60, noNaN: true }) }),
    { minLength: 200, maxLength: 600 },
  );
  fc.assert(
    fc.property(dots, (points) => {
      const path = dotsPath(points, 100, ({ x }) => x < 10);
      expect(path.match(/h/g)?.length).toBeLessThanOrEqual(100);
      const drawn = visited(path);
      for (const { x, y } of points) {
        const near = drawn.some((end, i) => {
          const start = drawn[i - 1] ?? end;
          const [low, high] = start.y === end.y ? [Math.min(start.x, end.x), Math.max(start.x, end.x)] : [end.x, end.x];
          return Math.abs(end.y - y) < 14 && x > low - 14 && x < high + 14;
        });
        expect(near).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});
