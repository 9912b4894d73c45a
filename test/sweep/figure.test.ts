import type { Spec } from 'vega';
import { expect, test } from 'vitest';
import { sweepFigure } from '../../src/sweep/figure.ts';
import { renderFigure } from '../../src/task/render-figure.ts';
import { grid, swept } from './swept.ts';

const drawn = async (spec: Spec | null): Promise<string> => {
  if (!spec) throw new Error('no picture');
  const figure = await renderFigure(spec);
  if (!figure.ok) throw new Error(figure.error.message);
  return figure.value.svg;
};

const count = (text: string, part: string): number => text.split(part).length - 1;

test("sweepFigure colours a cell for each row and value, and outlines the pipeline's own value", async () => {
  const svg = await drawn(
    sweepFigure(swept([2, 3, 4], 3, { a: ['yes', 'no', 'no'], b: ['no', 'no', 'no'], c: [null, 'no', 'no'] })),
  );
  // Cells, and the square in the legend.
  expect(count(svg, 'fill="#56b4e9"')).toBe(7 + 1);
  expect(count(svg, 'fill="#e69f00"')).toBe(1 + 1);
  expect(svg).toContain('no result');
  expect(svg).toContain("the pipeline's own value");
  expect(svg).toContain('no from 3 to 4');
  expect(svg).toContain('Rows that change are in bold: 2 of 3.');
  expect(svg).toMatch(/font-weight="600"[^>]*>a</);
  expect(svg).not.toMatch(/font-weight="600"[^>]*>b</);
});

test("sweepFigure outlines nothing if the pipeline's own value is not among the values", async () => {
  expect(await drawn(sweepFigure(swept([2, 3], 5, { a: ['yes', 'no'] })))).not.toContain('own value');
});

test('sweepFigure draws a panel for each value of a second parameter', async () => {
  const svg = await drawn(sweepFigure(grid));
  expect(svg).toContain('judge.limit=2');
  expect(svg).toContain('judge.limit=3');
  expect(count(svg, "the pipeline's own value")).toBe(2);
});

test('sweepFigure shades numbers, and names as many values as fit', async () => {
  const values = Array.from({ length: 200 }, (_, i) => i / 10);
  const svg = await drawn(sweepFigure(swept(values, 10, { a: values.map((value) => String(value * value)) })));
  expect(svg).toContain('rgb(86, 160, 211)');
  expect(svg).toMatch(/font-weight="600"[^>]*>10</);
  expect(svg).not.toContain('>10.1<');
});

test('sweepFigure is null for a sweep that is too large', () => {
  const many = Array.from({ length: 400 }, (_, i) => `recording-${i}`);
  expect(sweepFigure(swept([1], 1, Object.fromEntries(many.map((name) => [name, ['yes']]))))).toBeNull();
  const words = Array.from({ length: 9 }, (_, i) => `word-${i}`);
  expect(sweepFigure(swept(words, undefined, { a: words }))).toBeNull();
  expect(
    sweepFigure(
      swept(
        Array.from({ length: 1000 }, (_, i) => i),
        1,
        { a: [] },
      ),
    ),
  ).toBeNull();
  expect(sweepFigure(swept([1], 1, { a: ['sentence '.repeat(20)] }))).toBeNull();
  expect(sweepFigure({ ...swept([1], 1, {}), headline: null })).toBeNull();
});

test.each([
  ['one number everywhere', swept([1, 2], 1, { a: ['5', '5'] })],
  ['numbers and a failure', swept([1, 2], 1, { a: ['5', null] })],
  ['nothing but failures', swept([1, 2], 1, { a: [null, null] })],
  ['an empty headline', swept([1, 2], 1, { a: ['', 'yes'] })],
  ['long texts', swept(['v'.repeat(300), [1]], [1], { ['a'.repeat(300)]: ['w'.repeat(60), 'yes'] })],
  [
    'a row that changes at every value',
    swept(
      Array.from({ length: 200 }, (_, i) => i),
      0.5,
      { a: Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 'yes' : 'no')) },
    ),
  ],
])('sweepFigure draws %s', async (_, sweep) => {
  const svg = await drawn(sweepFigure(sweep));
  expect(Number(/viewBox="0 0 (\S+)/.exec(svg)?.[1])).toBeLessThan(2000);
});
