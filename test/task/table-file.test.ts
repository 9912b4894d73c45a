import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTable, encodeTable, readTable, writeTable } from '../../src/task/table-file.ts';
import { describeTableProblem, type TableProblem } from '../../src/task/table-problem.ts';
import type { TableSchema, WritableColumns } from '../../src/task/table-schema.ts';

const every = {
  description: 'One column of every type',
  columns: {
    i64: { type: 'int64', description: 'Where', unit: 'samples' },
    i32: { type: 'int32', description: 'Counted' },
    u16: { type: 'uint16', description: 'Converter value' },
    f64: { type: 'float64', description: 'When', unit: 's' },
    f32: { type: 'float32', description: 'How high', unit: 'uV' },
    flag: { type: 'bool', description: 'Whether' },
    name: { type: 'utf8', description: 'Whose' },
    i64n: { type: 'int64', description: 'Where, if known', nullable: true },
    i32n: { type: 'int32', description: 'Counted, if known', nullable: true },
    u16n: { type: 'uint16', description: 'Converter value, if known', nullable: true },
    f64n: { type: 'float64', description: 'When, if known', nullable: true },
    f32n: { type: 'float32', description: 'How high, if known', nullable: true },
    flagn: { type: 'bool', description: 'Whether, if known', nullable: true },
    namen: { type: 'utf8', description: 'Whose, if known', nullable: true },
  },
} as const satisfies TableSchema;

const rows: WritableColumns<typeof every> = {
  i64: [1n, -9223372036854775808n, 9007199254740991],
  i32: new Int32Array([1, -2147483648, 2147483647]),
  u16: [0, 1, 65535],
  f64: new Float64Array([0.1, -0, Number.NaN]),
  f32: [0.1, -33.8, Number.NEGATIVE_INFINITY],
  flag: [true, false, true],
  name: ['', 'Grüße, "β-Zelle"\r\n', '😀'],
  i64n: [null, 7n, null],
  i32n: [null, null, null],
  u16n: [1, null, 3],
  f64n: [Number.NaN, null, 1e-300],
  f32n: [null, 1.5, -0],
  flagn: [false, null, true],
  namen: [null, '', 'x'],
};

async function encode<T extends TableSchema>(schema: T, columns: WritableColumns<T>): Promise<Uint8Array> {
  const encoded = await encodeTable(schema, columns);
  if (!encoded.ok) throw new Error(describeTableProblem(encoded.error));
  return encoded.value;
}

async function decode<T extends TableSchema>(bytes: Uint8Array, schema: T) {
  const decoded = await decodeTable(bytes, schema);
  if (!decoded.ok) throw new Error(describeTableProblem(decoded.error));
  return decoded.value;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const emptyRows = Object.fromEntries(Object.keys(every.columns).map((name) => [name, []])) as unknown as typeof rows;

/** If a digest changes, change the format version in the key as well: stored tables would no longer be equal. */
test('encodeTable writes the same bytes as earlier versions', async () => {
  expect(sha256(await encode(every, rows))).toBe('c59afeae61fbbd9e1a395988ba0ca94bf5ab4d79831791c51fac7ca418ec2da4');
  expect(sha256(await encode(every, emptyRows))).toBe(
    '18d17710fb172733b317d9f2b13bf3ec09b2fa32ebf6eadb2633dae7af30dbd8',
  );
});

test('decodeTable returns the encoded values of every column type', async () => {
  const back = await decode(await encode(every, rows), every);
  expect(back.i64).toEqual(new BigInt64Array([1n, -9223372036854775808n, 9007199254740991n]));
  expect(back.i32).toEqual(rows.i32);
  expect(back.u16).toEqual(new Uint16Array([0, 1, 65535]));
  expect(back.f64).toEqual(rows.f64);
  expect(back.f32).toEqual(new Float32Array([0.1, -33.8, Number.NEGATIVE_INFINITY]));
  for (const name of ['flag', 'name', 'i64n', 'i32n', 'u16n', 'f64n', 'f32n', 'flagn', 'namen'] as const) {
    expect(back[name], name).toEqual(rows[name]);
  }
  const empty = await decode(await encode(every, emptyRows), every);
  expect(empty.i64).toEqual(new BigInt64Array());
  expect(empty.f32).toEqual(new Float32Array());
  expect([empty.flag, empty.name, empty.namen]).toEqual([[], [], []]);
});

test('encodeTable writes units, descriptions and nullability to the file', async () => {
  const table = arrow.tableFromIPC(await encode(every, emptyRows));
  expect(table.batches).toHaveLength(1);
  expect(table.schema.metadata).toEqual(new Map([['description', 'One column of every type']]));
  const field = table.schema.fields[0];
  expect([...(field?.metadata ?? [])]).toEqual([
    ['unit', 'samples'],
    ['description', 'Where'],
  ]);
  expect(table.schema.fields.map((f) => f.nullable)).toEqual([...Array(7).fill(false), ...Array(7).fill(true)]);
});

const value = {
  int64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  int32: fc.integer({ min: -2147483648, max: 2147483647 }),
  uint16: fc.nat(65535),
  float64: fc.double(),
  float32: fc.float(),
  bool: fc.boolean(),
  utf8: fc.string({ unit: 'binary' }).filter((s) => !/\p{Surrogate}/u.test(s)),
};

/** A table of random columns and rows. */
const anyTable = fc
  .tuple(
    fc.nat(20),
    fc.array(
      fc.record({ type: fc.constantFrom(...(Object.keys(value) as (keyof typeof value)[])), nullable: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
  )
  .chain(([length, kinds]) => {
    const schema: TableSchema = {
      description: 'Any',
      columns: Object.fromEntries(kinds.map((kind, i) => [`c${i}`, { ...kind, description: '' }])),
    };
    const columns = Object.fromEntries(
      kinds.map(({ type, nullable }, i) => {
        const cell: fc.Arbitrary<unknown> = nullable ? fc.option(value[type] as fc.Arbitrary<unknown>) : value[type];
        return [`c${i}`, fc.array(cell, { minLength: length, maxLength: length })];
      }),
    );
    return fc.tuple(fc.constant(schema), fc.record(columns) as fc.Arbitrary<unknown> as fc.Arbitrary<typeof loose>);
  });
declare const loose: WritableColumns<TableSchema>;

test('a decoded table encodes to the same bytes again, also after another table', async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, anyTable, async ([schema, columns], [otherSchema, otherColumns]) => {
      const bytes = await encode(schema, columns);
      await encode(otherSchema, otherColumns);
      expect(Buffer.compare(await encode(schema, columns), bytes)).toBe(0);
      const back = (await decode(bytes, schema)) as unknown as typeof columns;
      expect(Buffer.compare(await encode(schema, back), bytes)).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('encodeTable gives equal bytes for typed arrays and lists of equal content', async () => {
  const schema = {
    description: '',
    columns: {
      a: { type: 'float64', description: '', nullable: true },
      b: { type: 'float32', description: '' },
      c: { type: 'int64', description: '', nullable: true },
    },
  } as const satisfies TableSchema;
  const odd = new Float64Array(new BigUint64Array([0xfff8000000000001n, 0x3ff0000000000000n]).buffer);
  const oddSingle = new Float32Array(new Uint32Array([0, 0xffc00001, 0x3f800000]).buffer, 4);
  const c = new BigInt64Array([5n, 6n]);
  const typed = await encode(schema, { a: odd, b: oddSingle, c });
  expect(await encode(schema, { c: [5, 6n], b: [Number.NaN, 1], a: [Number.NaN, 1] })).toEqual(typed);
  expect(new BigUint64Array(odd.buffer)[0]).toBe(0xfff8000000000001n);
  expect(await encode(schema, { a: [0, 1], b: oddSingle, c })).not.toEqual(
    await encode(schema, { a: [-0, 1], b: oddSingle, c }),
  );
});

const peaks = {
  description: '',
  columns: { at: { type: 'int64', description: '' }, high: { type: 'float32', description: '' } },
} as const satisfies TableSchema;

const wrong: [string, unknown, TableProblem][] = [
  ['a column left out', { at: [1] }, { kind: 'missing-column', column: 'high', expected: 'float32' }],
  ['a column undefined', { at: [1], high: undefined }, { kind: 'missing-column', column: 'high', expected: 'float32' }],
  [
    'an unknown column',
    { at: [1], high: [1], low: [1] },
    { kind: 'unknown-column', column: 'low', known: ['at', 'high'] },
  ],
  [
    'another typed array',
    { at: [1], high: new Float64Array(1) },
    { kind: 'wrong-type', column: 'high', expected: 'float32', found: 'Float64Array' },
  ],
  [
    'a text instead of a list',
    { at: [1], high: 'x' },
    { kind: 'wrong-type', column: 'high', expected: 'float32', found: 'string' },
  ],
  [
    'bytes',
    { at: [1], high: Buffer.alloc(4) },
    { kind: 'wrong-type', column: 'high', expected: 'float32', found: 'Uint8Array' },
  ],
  [
    'another length',
    { at: [1, 2], high: [1] },
    { kind: 'wrong-length', column: 'high', length: 1, other: 'at', otherLength: 2 },
  ],
  ['a null', { at: [1, null], high: [1, 1] }, { kind: 'unexpected-null', column: 'at', row: 1, expected: 'int64' }],
  [
    'a hole',
    { at: [1, 2], high: [1, undefined] },
    { kind: 'wrong-value', column: 'high', row: 1, schema: { type: 'float32', description: '' }, found: 'undefined' },
  ],
  [
    'a text',
    { at: ['1'], high: [1] },
    { kind: 'wrong-value', column: 'at', row: 0, schema: { type: 'int64', description: '' }, found: 'string' },
  ],
  [
    'a fraction',
    { at: [1.5], high: [1] },
    { kind: 'out-of-range', column: 'at', row: 0, schema: { type: 'int64', description: '' }, found: '1.5' },
  ],
  [
    'an inexact number',
    { at: [2 ** 53], high: [1] },
    {
      kind: 'out-of-range',
      column: 'at',
      row: 0,
      schema: { type: 'int64', description: '' },
      found: '9007199254740992',
    },
  ],
  [
    'too big a bigint',
    { at: [2n ** 63n], high: [1] },
    {
      kind: 'out-of-range',
      column: 'at',
      row: 0,
      schema: { type: 'int64', description: '' },
      found: '9223372036854775808',
    },
  ],
  [
    'too big a float',
    { at: [1], high: [1e39] },
    { kind: 'out-of-range', column: 'high', row: 0, schema: { type: 'float32', description: '' }, found: '1e+39' },
  ],
];

test.each(wrong)('encodeTable refuses %s', async (_, columns, problem) => {
  const encoded = await encodeTable(peaks, columns as WritableColumns<typeof peaks>);
  expect(encoded).toEqual({ ok: false, error: problem });
  expect(describeTableProblem(problem)).toContain(`'${'column' in problem ? problem.column : ''}'`);
});

test('encodeTable refuses values outside an integer type and broken text', async () => {
  const cell = (type: 'int32' | 'uint16' | 'utf8' | 'bool', v: unknown) =>
    encodeTable({ description: '', columns: { c: { type, description: '' } } }, { c: [v] as never[] });
  expect(await cell('int32', 2147483648)).toMatchObject({ error: { kind: 'out-of-range', found: '2147483648' } });
  expect(await cell('uint16', -1)).toMatchObject({ error: { kind: 'out-of-range', found: '-1' } });
  expect(await cell('uint16', Number.NaN)).toMatchObject({ error: { kind: 'out-of-range', found: 'NaN' } });
  expect(await cell('utf8', '\ud800')).toMatchObject({ error: { found: 'text with half a surrogate pair' } });
  expect(await cell('bool', 1)).toMatchObject({ error: { kind: 'wrong-value', found: '1' } });
});

test('decodeTable checks a file against the schema, and takes unknown columns and several batches', async () => {
  const vectors = (high: arrow.Vector, more: Record<string, arrow.Vector> = {}) =>
    new arrow.Table({ ...more, high, at: arrow.vectorFromArray([1n, 2n], new arrow.Int64()) });
  const ours = vectors(arrow.makeVector(new Float32Array([1, 2])), { extra: arrow.makeVector(new Int32Array(2)) });
  const batches = new arrow.Table(ours.schema, [...ours.batches, ...ours.batches]);
  const read = await decode(arrow.tableToIPC(batches, 'file'), peaks);
  expect(read).toEqual({ at: new BigInt64Array([1n, 2n, 1n, 2n]), high: new Float32Array([1, 2, 1, 2]) });

  const check = async (table: arrow.Table) => decodeTable(arrow.tableToIPC(table, 'file'), peaks);
  expect(await check(vectors(arrow.makeVector(new Float64Array(2))))).toEqual({
    ok: false,
    error: { kind: 'wrong-type', column: 'high', expected: 'float32', found: 'float64' },
  });
  expect(await check(vectors(arrow.vectorFromArray(['a', 'b'])))).toEqual({
    ok: false,
    error: { kind: 'wrong-type', column: 'high', expected: 'float32', found: 'Dictionary<Int32, Utf8>' },
  });
  expect(await check(vectors(arrow.vectorFromArray([1, null], new arrow.Float32())))).toEqual({
    ok: false,
    error: { kind: 'unexpected-null', column: 'high', row: 1, expected: 'float32' },
  });
  expect(await check(ours.select(['high']))).toEqual({
    ok: false,
    error: { kind: 'missing-column', column: 'at', expected: 'int64' },
  });
});

test('decodeTable returns a problem for a broken or cut off file, and does not throw', async () => {
  const bytes = await encode(every, rows);
  for (const broken of [
    new Uint8Array(),
    Buffer.from('name,age\r\n'),
    bytes.slice(0, -1),
    bytes.slice(0, 8),
    bytes.slice(0, 600),
  ]) {
    expect(await decodeTable(broken, every)).toMatchObject({ ok: false, error: { kind: 'unreadable' } });
  }
  const holed = bytes.slice().fill(0xff, -200, -6);
  expect(await decodeTable(holed, every)).toMatchObject({ ok: false, error: { kind: 'unreadable' } });
});

test('decodeTable reads bytes that are not aligned in memory', async () => {
  const bytes = await encode(every, rows);
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  expect(await decode(shifted, every)).toEqual(await decode(bytes, every));
});

test('writeTable and readTable keep a table on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'table-file-'));
  try {
    const path = join(folder, 'peaks.arrow');
    expect(await writeTable(path, peaks, { at: [1, 2], high: new Float32Array([3, 4]) })).toEqual({
      ok: true,
      value: undefined,
    });
    expect(sha256(await readFile(path))).toBe(sha256(await encode(peaks, { at: [1n, 2n], high: [3, 4] })));
    const read = await readTable(path, peaks);
    expect(read).toEqual({ ok: true, value: { at: new BigInt64Array([1n, 2n]), high: new Float32Array([3, 4]) } });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('five million rows of typed arrays are decoded without a copy', async () => {
  const n = 5_000_000;
  const at = new BigInt64Array(n).map((_, i) => BigInt(i));
  const bytes = await encode(peaks, { at, high: new Float32Array(n) });
  const read = await decode(bytes, peaks);
  expect(read.at.buffer).toBe(bytes.buffer);
  expect(read.at[n - 1]).toBe(BigInt(n - 1));
});
