import { createHash } from 'node:crypto';
import type { Spec } from 'vega';
import { expect, test } from 'vitest';
import { renderFigure } from '../../src/task/render-figure.ts';

/** Two bars with an axis, a clip and a gradient: everything that Vega numbers by a counter of the process. */
const bars: Spec = {
  width: 100,
  height: 60,
  title: { text: 'Bars', font: 'Inter', fontWeight: 600 },
  data: [{ name: 'table', values: [{ x: 1 }, { x: 2.5 }] }],
  scales: [{ name: 'x', type: 'linear', domain: { data: 'table', field: 'x' }, range: 'width' }],
  axes: [{ orient: 'bottom', scale: 'x', title: 'time (s)' }],
  marks: [
    {
      type: 'rect',
      clip: true,
      from: { data: 'table' },
      encode: {
        enter: {
          x: { value: 0 },
          x2: { scale: 'x', field: 'x' },
          height: { value: 30 },
          fill: {
            value: {
              gradient: 'linear',
              stops: [
                { offset: 0, color: 'red' },
                { offset: 1, color: 'blue' },
              ],
            },
          },
        },
      },
    },
  ],
};

const text = (content: string, more: object = {}): Spec => ({
  width: 120,
  height: 20,
  marks: [{ type: 'text', encode: { enter: { text: { value: content }, y: { value: 15 }, ...more } } }],
});

const singleMark = (type: string, enter: object) =>
  ({ width: 10, height: 10, marks: [{ type, encode: { enter } }] }) as Spec;

async function render(spec: Spec) {
  const figure = await renderFigure(spec);
  if (!figure.ok) throw new Error(figure.error.message);
  return figure.value;
}

test('renderFigure writes the same SVG in every process', async () => {
  const { svg } = await render(bars);
  expect(createHash('sha256').update(svg).digest('hex')).toBe(
    '0d6b561ee776f745d89a4dcef384d769f75abf07e71127697dda8b22ebb4803d',
  );
});

test('renderFigure gives the same bytes after other figures and beside them', async () => {
  const first = await render(bars);
  await render(text('between'));
  expect(await render(bars)).toEqual(first);
  const together = await Promise.all([render(bars), render(text('at once')), render(bars)]);
  expect(together[0]).toEqual(first);
  expect(together[2]).toEqual(first);
});

test('renderFigure seeds the random numbers of a spec', async () => {
  const spec = text('', { text: { signal: 'random()' } });
  expect((await render(spec)).svg).toBe((await render(spec)).svg);
});

test('renderFigure draws the PNG twice as large, on white, with every text in Inter', async () => {
  const { svg, png } = await render(text('x'));
  const view = new DataView(png.buffer, png.byteOffset);
  const size = /width="(\d+)" height="(\d+)"/.exec(svg)?.slice(1).map(Number);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual(size?.map((side) => 2 * side));
  const pngOf = async (spec: Spec) => Buffer.from((await render(spec)).png).toString('base64');
  const inter = await pngOf(text('x', { font: { value: 'Inter' } }));
  expect(await pngOf(text('x', { font: { value: 'No Such Font' } }))).toBe(inter);
  expect(await pngOf(text('x', { font: { value: 'monospace' } }))).toBe(inter);
  expect(await pngOf(text(' '))).not.toBe(inter);
  expect(await pngOf(text('x', { font: { value: 'Inter' }, fontWeight: { value: 600 } }))).not.toBe(inter);
});

test('renderFigure draws text with the small fonts as with the whole fonts', async () => {
  const lines = [
    'Time (s): 1,234.5 \u2212 0.1 -> x10 AVA fi',
    '10:30 \u00b15 \u00b5V \u2013 \u00dcber \u201cTo\u201d \u2265 2',
  ];
  for (const line of lines) {
    for (const fontWeight of [{ value: 400 }, { value: 600 }]) {
      // The description is for screen readers and not drawn; the small fonts lack its σ, so the whole fonts are used.
      const drawn = async (description: string) => (await render({ ...text(line, { fontWeight }), description })).png;
      expect(await drawn('\u03c3')).toEqual(await drawn('sd'));
    }
  }
  const other = await render(text('\u03c3'));
  expect(other.png).not.toEqual((await render(text('\u03c4'))).png);
});

test('renderFigure measures text by the font when it cuts a label to its limit', async () => {
  const cut = async (limit: number) =>
    />([^<>]+)<\/text>/.exec((await render(text('iiiiiiiiii', { limit: { value: limit } }))).svg)?.[1];
  expect(await cut(40)).toBe('iiiiiiiiii');
  expect(await cut(20)).toMatch(/^i{2,5}…$/);
});

const refused: [string, unknown, string, RegExp][] = [
  ['a spec that is not an object', null, 'invalid-spec', /must be an object/],
  ['Vega-Lite', { $schema: 'https://vega.github.io/schema/vega-lite/v6.json' }, 'invalid-spec', /found Vega-Lite/],
  ['an unknown mark', { marks: [{ type: 'blob' }] }, 'invalid-spec', /Vega cannot draw/],
  ['unknown data', { marks: [{ type: 'rect', from: { data: 'nowhere' } }] }, 'invalid-spec', /nowhere/],
  ['a broken expression', { signals: [{ name: 's', update: '1 +' }] }, 'invalid-spec', /./],
  ['data from the network', { data: [{ name: 'd', url: 'http://127.0.0.1:9/d.json' }] }, 'warned', /load nothing/],
  ['data from a file', { data: [{ name: 'd', url: '/etc/hostname' }] }, 'warned', /load nothing/],
  [
    'a link',
    singleMark('rect', { href: { value: 'http://127.0.0.1:9/' }, width: { value: 1 }, fill: { value: 'red' } }),
    'warned',
    /load nothing/,
  ],
  [
    'a coordinate that is no number',
    singleMark('path', { path: { value: 'M0 0LNaN 3' }, stroke: { value: 'red' } }),
    'warned',
    /no number/,
  ],
  [
    'a mark far outside',
    singleMark('rect', { x: { value: 1e6 }, width: { value: 9 }, fill: { value: 'red' } }),
    'warned',
    /more than 8192/,
  ],
  [
    'an empty extent',
    {
      data: [
        {
          name: 'd',
          values: [],
          transform: [
            { type: 'extent', field: 'x', signal: 'e' },
            { type: 'bin', field: 'x', extent: { signal: 'e' } },
          ],
        },
      ],
    },
    'warned',
    /Infinite extent/,
  ],
];

test.each(refused)('renderFigure refuses %s', async (_, spec, kind, message) => {
  expect(await renderFigure(spec as Spec)).toMatchObject({
    ok: false,
    error: { kind, message: expect.stringMatching(message) },
  });
});

test('renderFigure works again after a figure that failed', async () => {
  await renderFigure({ marks: [{ type: 'blob' }] } as unknown as Spec);
  expect((await renderFigure(bars)).ok).toBe(true);
});
