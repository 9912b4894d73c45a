import { expect, test } from 'vitest';
import { cellText, readableColumns } from '../../src/task/cell-text.ts';
import type { ColumnSchema } from '../../src/task/table-schema.ts';

const column = (schema: Omit<ColumnSchema, 'description'>): ColumnSchema => ({ description: '', ...schema });

test('dates and times read as ISO 8601, also before 1970; beyond the years that JavaScript knows they stay numbers', () => {
  expect(cellText(-1, column({ type: 'date' }))).toBe('1969-12-31');
  expect(cellText(-1n, column({ type: 'timestamp' }))).toBe('1969-12-31T23:59:59.999999');
  expect(cellText(1n, column({ type: 'timestamp', zone: 'Europe/Paris' }))).toBe('1970-01-01T00:00:00.000001Z');
  expect(cellText(2n ** 63n - 1n, column({ type: 'timestamp' }))).toBe('9223372036854775807');
  expect(cellText(2 ** 30, column({ type: 'date' }))).toBe('1073741824');
});

test('bytes read as base64, and lists as in JSON', () => {
  expect(cellText(new Uint8Array([255, 0]), column({ type: 'binary' }))).toBe('/wA=');
  expect(cellText(new Float32Array([0.1, -0]), column({ type: 'list', of: 'float32' }))).toBe(
    '[0.10000000149011612,-0]',
  );
  expect(cellText(new BigInt64Array([5n]), column({ type: 'list', of: 'int64' }))).toBe('[5]');
});

test('columns of bytes, lists and times become texts that can be compared; other columns stay as they are', () => {
  const n = new Float64Array([1]);
  const schema = {
    description: '',
    columns: { n: column({ type: 'float64' }), b: column({ type: 'binary', nullable: true }) },
  };
  const readable = readableColumns(schema, { n, b: [new Uint8Array([1]), null] });
  expect(readable).toEqual({ n, b: ['AQ==', null] });
  expect(readable.n).toBe(n);
});
