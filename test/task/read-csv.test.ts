import { expect, test } from 'vitest';
import { encodeCsv } from '../../src/task/csv.ts';
import { decodeCsv } from '../../src/task/read-csv.ts';
import { encodeTable } from '../../src/task/table-file.ts';
import type { ColumnSchema } from '../../src/task/table-schema.ts';

const schemaOf = (columns: { readonly [name: string]: Omit<ColumnSchema, 'description'> }) => ({
  description: '',
  columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, { description: '', ...column }])),
});

const read = (text: string | Uint8Array, columns: Parameters<typeof schemaOf>[0]) =>
  decodeCsv(typeof text === 'string' ? Buffer.from(text) : text, schemaOf(columns));

/** Reads a CSV with the single column `x`. */
const cells = (type: Omit<ColumnSchema, 'description'>, ...lines: string[]) => {
  const found = read(['x', ...lines, ''].join('\n'), { x: type });
  return found.ok ? (found.value as { x: unknown }).x : found.error;
};

test('every column that the engine writes as CSV is read back the same', async () => {
  const schema = schemaOf({
    i8: { type: 'int8' },
    i64: { type: 'int64' },
    u64: { type: 'uint64', nullable: true },
    f32: { type: 'float32' },
    f64: { type: 'float64' },
    flag: { type: 'bool', nullable: true },
    name: { type: 'utf8', nullable: true },
    bytes: { type: 'binary' },
    day: { type: 'date' },
    at: { type: 'timestamp' },
    zoned: { type: 'timestamp', zone: 'Europe/Paris' },
    list: { type: 'list', of: 'float64' },
    pair: { type: 'list', of: 'int64', size: 2 },
  });
  const columns = {
    i8: [-128, 127],
    i64: [-(2n ** 63n), 2n ** 63n - 1n],
    u64: [null, 2n ** 64n - 1n],
    f32: [0.1, Number.NaN],
    f64: [-0, Number.NEGATIVE_INFINITY],
    flag: [true, null],
    name: ['', 'a "b"\r\n,c'],
    bytes: [new Uint8Array([0, 255]), new Uint8Array([1])],
    day: [-1, 20_000],
    at: [-1n, 1_700_000_000_123_456n],
    zoned: [0n, 1n],
    list: [[], [1.5, 2]],
    pair: [
      [1, 2],
      [2n ** 62n, -1],
    ],
  };
  const found = decodeCsv(Buffer.from(encodeCsv(schema, columns as never)), schema);
  if (!found.ok) throw new Error(found.error);
  expect(await encodeTable(schema, found.value)).toEqual(await encodeTable(schema, columns as never));
});

test('other programs write numbers, truth values and times in other forms', () => {
  expect(cells({ type: 'float64' }, '1e3', '.5', '+2.', ' 7', 'nan', '-Inf', 'Infinity')).toEqual([
    1000,
    0.5,
    2,
    7,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  expect(cells({ type: 'bool' }, 'True', 'FALSE')).toEqual([true, false]);
  expect(cells({ type: 'timestamp' }, '2026-01-02 03:04', '2026-01-02T03:04:05.5')).toEqual([
    BigInt(Date.UTC(2026, 0, 2, 3, 4)) * 1000n,
    BigInt(Date.UTC(2026, 0, 2, 3, 4, 5, 500)) * 1000n,
  ]);
  const noon = BigInt(Date.UTC(2026, 0, 2, 12)) * 1000n;
  expect(cells({ type: 'timestamp', zone: 'UTC' }, '2026-01-02T12:00:00Z', '2026-01-02T14:00:00+02:00')).toEqual([
    noon,
    noon,
  ]);
});

test('columns may come in any order and beside others, after a byte order mark', () => {
  expect(read('\ufeffb,c,a\n1,x,2\n', { a: { type: 'int8' }, b: { type: 'int8' } })).toEqual({
    ok: true,
    value: { a: [2], b: [1] },
  });
});

test('an empty cell is null, and an empty text has quotes', () => {
  expect(cells({ type: 'utf8', nullable: true }, '', '""')).toEqual([null, '']);
  expect(cells({ type: 'int8' }, '1', '')).toMatchInlineSnapshot(
    `"row 2 of its CSV, column 'x': the cell is empty, but the column is not nullable"`,
  );
});

test.each([
  ['int8', '128'],
  ['int32', '1.0'],
  ['uint64', '-1'],
  ['float64', '1,5'],
  ['float64', 'NA'],
  ['float32', '1e39'],
  ['bool', 'yes'],
  ['binary', 'a b'],
  ['date', '2026-02-30'],
  ['timestamp', '2026-01-02T25:00'],
  ['timestamp', '2026-01-02T12:00:00Z'],
  ['timestamp', '2026-01-02T12:00:00.1234567'],
] as const)('a cell of %s that holds %s is refused by its row and column', (type, cell) => {
  const said = cells({ type, nullable: true }, '', `"${cell}"`);
  expect(said).toContain(`row 2 of its CSV, column 'x': "${cell}" is not `);
});

test('a list is refused if its length or its numbers do not fit', () => {
  expect(cells({ type: 'list', of: 'int8', size: 2 }, '"[1,2,3]"')).toMatchInlineSnapshot(
    `"row 1 of its CSV, column 'x': "[1,2,3]" is not a list of 2 int8 values, such as [1,2]"`,
  );
  expect(cells({ type: 'list', of: 'int8' }, '"[1,300]"')).toMatchInlineSnapshot(
    `"row 1 of its CSV, column 'x': "[1,300]" is not a list of int8 values, such as [1,2]"`,
  );
  expect(cells({ type: 'list', of: 'int8' }, '1')).toMatchInlineSnapshot(
    `"row 1 of its CSV, column 'x': "1" is not a list of int8 values, such as [1,2]"`,
  );
});

test('a file that is no such table is refused by a sentence', () => {
  const a = { a: { type: 'int8' } } as const;
  const said = (text: string | Uint8Array) => {
    const found = read(text, a);
    return found.ok ? 'read' : found.error;
  };
  expect(said('')).toMatchInlineSnapshot(`"its CSV is empty; the first line holds the names of the columns"`);
  expect(said('b,c\n1,2\n')).toMatchInlineSnapshot(`"column 'a' is missing in its CSV, whose first line holds b, c"`);
  expect(said('a,a\n1,2\n')).toMatchInlineSnapshot(`"its CSV has two columns 'a'"`);
  expect(said('a,b\n1\n')).toMatchInlineSnapshot(
    `"its CSV cannot be read: Invalid Record Length: expect 2, got 1 on line 2"`,
  );
  expect(said('a\n"1\n')).toMatchInlineSnapshot(
    `"its CSV cannot be read: Quote Not Closed: the parsing is finished with an opening quote at line 2"`,
  );
  expect(said(new Uint8Array([0xff, 0xfe, 0x61]))).toMatchInlineSnapshot(`"its CSV is not text in UTF-8"`);
});
