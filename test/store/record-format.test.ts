/**
 * Tests that FORMAT is raised whenever the bytes of the engine's own writers or the shape of the preimage change.
 * Otherwise a store would return results that this version would make differently.
 */
import type { Spec } from 'vega';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { FORMAT, keyOf } from '../../src/store/key.ts';
import { encodeCsv } from '../../src/task/csv.ts';
import { renderFigure } from '../../src/task/render-figure.ts';
import { encodeTable } from '../../src/task/table-file.ts';
import type { TableSchema } from '../../src/task/table-schema.ts';
import { preimage } from './temporary.ts';

/** Digests for each format. Add a line for a new format, and never edit an old line. */
const GOLDEN: { readonly [format: number]: { readonly [name: string]: string } } = {
  1: {
    table: '6c512f1875cbc76578804a446b156179af9bcd1a77973a5eb0a3d95f16a05c10',
    csv: 'aabaf7b069eafc079ba40c7263c1298c476caa49e2b5b55cec8c08997e4546bf',
    figure: '7c1c021161bfd46df4baedf1c64f50566fa5ba1940a3d7c838b3cb355d8c8bb0',
    key: '4d3fb5911afd4cf24db577ec8afe08be6f6b47310921e39dd5c2774b662b5f72',
  },
  2: {
    table: '6c512f1875cbc76578804a446b156179af9bcd1a77973a5eb0a3d95f16a05c10',
    csv: 'aabaf7b069eafc079ba40c7263c1298c476caa49e2b5b55cec8c08997e4546bf',
    figure: '7c1c021161bfd46df4baedf1c64f50566fa5ba1940a3d7c838b3cb355d8c8bb0',
    key: 'bf6e2625b1d51effce71142355e816124dc7ce31ba47c3d7956cfe5847555b86',
  },
};

const schema = {
  description: 'A column of each type',
  columns: {
    at: { type: 'int64', description: 'Where', unit: 'samples' },
    count: { type: 'int32', description: 'How many', nullable: true },
    raw: { type: 'uint16', description: 'As it was recorded' },
    time: { type: 'float64', description: 'When', unit: 's', nullable: true },
    height: { type: 'float32', description: 'How high' },
    kept: { type: 'bool', description: 'Whether', nullable: true },
    name: { type: 'utf8', description: 'Whose', nullable: true },
  },
} as const satisfies TableSchema;

const columns = {
  at: [1n, 2n, -3n],
  count: [1, null, 3],
  raw: [0, 1, 65535],
  time: [0.1, Number.NaN, null],
  height: [0.1, -0, 1e30],
  kept: [true, null, false],
  name: ['β, "two"', null, ''],
};

const spec: Spec = {
  width: 120,
  height: 80,
  data: [{ name: 'points', values: [1, 4, 9].map((y, x) => ({ x, y: y / 3 })) }],
  scales: [
    { name: 'x', type: 'linear', domain: { data: 'points', field: 'x' }, range: 'width' },
    { name: 'y', type: 'linear', domain: { data: 'points', field: 'y' }, range: 'height', nice: true },
  ],
  axes: [
    { orient: 'bottom', scale: 'x', title: 'time (s)' },
    { orient: 'left', scale: 'y' },
  ],
  marks: [
    {
      type: 'line',
      clip: true,
      from: { data: 'points' },
      encode: {
        enter: { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' }, stroke: { value: 'black' } },
      },
    },
  ],
};

async function made(): Promise<{ [what: string]: string }> {
  const table = await encodeTable(schema, columns);
  const figure = await renderFigure(spec);
  if (!table.ok || !figure.ok) throw new Error('not made');
  return {
    table: digestOf(table.value),
    csv: digestOf(encodeCsv(schema, columns)),
    figure: digestOf(figure.value.svg),
    key: keyOf({
      ...preimage({ mad_multiplier: 8 }),
      format: 0,
      inputs: { juxta: { digest: digestOf('juxta'), extension: '.raw' } },
    }),
  };
}

test('the bytes of tables, figures and keys are those of the present FORMAT', async () => {
  const message = `the engine writes other bytes than format ${FORMAT} stands for: raise FORMAT in src/store/key.ts and add its digests here`;
  expect(await made(), message).toEqual(GOLDEN[FORMAT]);
});
