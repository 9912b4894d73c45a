import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as arrow from 'apache-arrow';
import { expect, test } from 'vitest';
import { decompressLz4 } from '../../src/task/lz4-frame.ts';
import { decodeTable, encodeTable } from '../../src/task/table-file.ts';
import type { TableSchema } from '../../src/task/table-schema.ts';

const description = '';
/** The columns of the files in `test/fixtures/polars`, which Polars wrote. */
const schema = {
  description,
  columns: {
    i8: { type: 'int8', description },
    i16: { type: 'int16', description },
    i32: { type: 'int32', description },
    u8: { type: 'uint8', description },
    u16: { type: 'uint16', description },
    u32: { type: 'uint32', description },
    u64: { type: 'uint64', description },
    f32: { type: 'float32', description },
    f64: { type: 'float64', description },
    flag: { type: 'bool', description },
    name: { type: 'utf8', description },
    namen: { type: 'utf8', description, nullable: true },
    cat: { type: 'utf8', description },
    i32n: { type: 'int32', description, nullable: true },
    at: { type: 'timestamp', description },
    day: { type: 'date', description },
    pair: { type: 'list', of: 'float64', description },
  },
} as const satisfies TableSchema;

const read = (name: string) => readFileSync(join(fileURLToPath(new URL('../fixtures/polars', import.meta.url)), name));

const at = BigInt(Date.parse('2026-01-02T03:04:05.678Z')) * 1000n;
const day = Date.parse('2026-01-02') / 86_400_000;
const columns = {
  i8: new Int8Array([1, -128, 127]),
  i16: new Int16Array([1, -32768, 32767]),
  i32: new Int32Array([1, -2147483648, 2147483647]),
  u8: new Uint8Array([0, 1, 255]),
  u16: new Uint16Array([0, 1, 65535]),
  u32: new Uint32Array([0, 1, 4294967295]),
  f32: new Float32Array([0.5, -0, Number.NaN]),
  f64: new Float64Array([0.1, -0, Number.NaN]),
  flag: [true, false, true],
  name: ['Grüße', 'a text that is longer than twelve bytes', ''],
  namen: ['x', null, 'x'],
  cat: ['red', 'blue', 'red'],
  i32n: [1, null, 3],
  at: new BigInt64Array([at, at, at]),
  day: new Int32Array([day, day, day]),
  pair: [new Float64Array([0.1, 0.1]), new Float64Array([-0, -0]), new Float64Array([Number.NaN, Number.NaN])],
};

test.each(['uncompressed.arrow', 'lz4.arrow', 'zstd.arrow', 'uncompressed.arrows', 'lz4.arrows', 'zstd.arrows'])(
  'reads what Polars wrote: %s',
  async (name) => {
    const decoded = await decodeTable(read(name), schema);
    expect(decoded).toMatchObject({ ok: true, value: columns });
  },
);

test('stores a table of Polars in the same bytes, whatever form and compression it had', async () => {
  const encoded = async (name: string) => {
    const decoded = await decodeTable(read(name), schema);
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
    const bytes = await encodeTable(schema, decoded.value);
    if (!bytes.ok) throw new Error(JSON.stringify(bytes.error));
    return Buffer.from(bytes.value);
  };
  const once = await encoded('uncompressed.arrow');
  for (const name of ['lz4.arrow', 'zstd.arrows']) expect((await encoded(name)).equals(once)).toBe(true);
});

test('refuses a stream that is cut off', async () => {
  const cut = await decodeTable(read('uncompressed.arrows').subarray(0, -8), schema);
  expect(cut).toMatchObject({ ok: false, error: { kind: 'unreadable', reason: expect.stringContaining('cut off') } });
});

test('decompresses LZ4 frames: matches that overlap, stored blocks, blocks that refer to earlier ones', () => {
  const block = Buffer.from('336162630300507864656667', 'hex');
  const frame = (...blocks: Buffer[]) =>
    Buffer.concat([Buffer.from('04224d18604082', 'hex'), ...blocks, Buffer.alloc(4)]);
  const sized = (bytes: Buffer, stored = 0) => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE((bytes.length | stored) >>> 0);
    return Buffer.concat([head, bytes]);
  };
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  expect(text(decompressLz4(frame(sized(block))))).toBe('abcabcabcaxdefg');
  expect(text(decompressLz4(frame(sized(Buffer.from('hello'), 0x80000000))))).toBe('hello');
  const again = Buffer.from('000a0010' + '61', 'hex');
  expect(text(decompressLz4(frame(sized(block), sized(again))))).toBe('abcabcabcaxdefg' + 'cabc' + 'a');
});

test('refuses LZ4 frames that are damaged or cut off', () => {
  const frame = (block: string) => Buffer.from(`04224d18604082${block}00000000`, 'hex');
  expect(() => decompressLz4(Buffer.from('no frame at all'))).toThrow('not an LZ4 frame');
  expect(() => decompressLz4(frame('ff000000' + '00'))).toThrow('cut off');
  expect(() => decompressLz4(frame('04000000' + 'f0ffffff'))).toThrow('cut off');
  expect(() => decompressLz4(frame('05000000' + '1061' + '0900' + '00'))).toThrow('before the beginning');
});

const one = async (column: TableSchema['columns'][string], vector: arrow.Vector) =>
  decodeTable(arrow.tableToIPC(new arrow.Table({ c: vector }), 'file'), { description, columns: { c: column } });

test('reads timestamps of any unit, and refuses what microseconds cannot hold', async () => {
  const stored = (unit: arrow.TimeUnit, value: bigint, zone: string | null = null) =>
    arrow.makeVector(
      arrow.makeData({ type: new arrow.Timestamp(unit, zone), length: 1, data: new BigInt64Array([value]) }),
    );
  const column = { type: 'timestamp', description } as const;
  const { SECOND, MILLISECOND, MICROSECOND, NANOSECOND } = arrow.TimeUnit;
  for (const vector of [stored(SECOND, 2n), stored(MILLISECOND, 2_000n), stored(NANOSECOND, 2_000_000_000n)]) {
    expect(await one(column, vector)).toEqual({ ok: true, value: { c: new BigInt64Array([2_000_000n]) } });
  }
  expect(await one(column, stored(NANOSECOND, 2_000_000_001n))).toMatchObject({
    error: { kind: 'out-of-range', row: 0 },
  });
  const zoned = stored(MICROSECOND, 1n, 'Europe/Paris');
  expect(await one({ ...column, zone: 'Europe/Paris' }, zoned)).toMatchObject({ ok: true });
  expect(await one({ ...column, zone: 'UTC' }, zoned)).toMatchObject({
    error: { kind: 'wrong-type', expected: 'timestamp[UTC]' },
  });
});

test('does not widen or narrow numbers of a foreign table', async () => {
  const vector = arrow.makeVector(new Int16Array([1]));
  expect(await one({ type: 'int32', description }, vector)).toMatchObject({
    error: { kind: 'wrong-type', expected: 'int32', found: 'int16' },
  });
});

test('every type of column comes back as it was written, nulls included', async () => {
  const all = {
    description,
    columns: {
      ...Object.fromEntries(
        Object.entries(schema.columns).map(([name, column]) => [name, { ...column, nullable: true }]),
      ),
      bytes: { type: 'binary', description, nullable: true },
      zoned: { type: 'timestamp', zone: 'UTC', description, nullable: true },
      fixed: { type: 'list', of: 'int16', size: 2, description, nullable: true },
    },
  } as unknown as TableSchema;
  const plain = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values, null]]));
  const written = {
    ...plain,
    u64: [0n, 2n ** 64n - 1n, 5n, null],
    bytes: [new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([0]), null],
    zoned: [1n, -1n, 2n ** 62n, null],
    fixed: [new Int16Array([1, 2]), new Int16Array([-1, -2]), new Int16Array(2), null],
  };
  const encoded = await encodeTable(all, written as never);
  if (!encoded.ok) throw new Error(JSON.stringify(encoded.error));
  expect(await decodeTable(encoded.value, all)).toEqual({ ok: true, value: written });
  const [, ...fixed] = written.fixed;
  const uneven = await encodeTable(all, { ...written, fixed: [new Int16Array(3), ...fixed] } as never);
  expect(uneven).toMatchObject({ error: { kind: 'out-of-range', column: 'fixed', row: 0 } });
});
