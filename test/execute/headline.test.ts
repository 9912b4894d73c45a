import { expect, test } from 'vitest';
import { headlineOf } from '../../src/execute/headline.ts';
import type { TableSchema, WritableColumns } from '../../src/task/table-schema.ts';

const schema = {
  description: 'Verdicts',
  columns: {
    recording: { type: 'utf8', description: '' },
    spikes: { type: 'int64', description: '' },
    missed: { type: 'float64', description: '', nullable: true },
    accept: { type: 'bool', description: '' },
  },
} as const;

test('a headline has rows as text, columns in the order of the schema, and an empty text for null', () => {
  const columns = { accept: [true, false], missed: [0.25, null], spikes: [12n, 7], recording: ['a', 'b'] };
  expect(headlineOf('verdict', 'accept', schema, columns as WritableColumns<TableSchema>)).toEqual({
    port: 'verdict',
    column: 'accept',
    columns: ['recording', 'spikes', 'missed', 'accept'],
    rows: [
      ['a', '12', '0.25', 'true'],
      ['b', '7', '', 'false'],
    ],
  });
});

test('a headline takes typed arrays and empty tables, and at most the first 200 rows', () => {
  const rows = (length: number) =>
    headlineOf('verdict', 'missed', schema, {
      recording: Array.from({ length }, () => 'r'),
      spikes: new BigInt64Array(length),
      missed: Float64Array.from({ length }, (_, i) => i / 2),
      accept: Array.from({ length }, () => true),
    }).rows;
  expect(rows(0)).toEqual([]);
  expect(rows(10_000)).toHaveLength(200);
  expect(rows(10_000)[199]).toEqual(['r', '0', '99.5', 'true']);
});
