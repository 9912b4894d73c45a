/**
 * The engine's only writer and reader of Arrow files. Equal content gives equal bytes, regardless of earlier work in
 * the process: IPC file format, uncompressed, always a single record batch, columns in the schema's order, no
 * dictionaries, values as `arrow-columns.ts` lays them out.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Data, DataType, Vector } from 'apache-arrow';
import { err, ok, type Result } from '../base/result.ts';
import { type ArrowColumn, arrowColumn } from './arrow-columns.ts';
import type { TableProblem } from './table-problem.ts';
import type { ColumnSchema, Columns, ColumnType, TableSchema, WritableColumns } from './table-schema.ts';

type Arrow = typeof import('apache-arrow');

/** Loads on first use: a run that has nothing to do must not pay its 160 ms. */
const loadArrow = (): Promise<Arrow> => import('apache-arrow');

/** Encodes a table. Checks the columns against the schema; all must have the same length. */
export async function encodeTable<T extends TableSchema>(
  schema: T,
  columns: WritableColumns<T>,
): Promise<Result<Uint8Array, TableProblem>> {
  const known = Object.keys(schema.columns);
  const unknown = Object.keys(columns).find((name) => !known.includes(name));
  if (unknown !== undefined) return err({ kind: 'unknown-column', column: unknown, known });

  const laidOut: { name: string; schema: ColumnSchema; column: ArrowColumn }[] = [];
  for (const [name, columnSchema] of Object.entries(schema.columns)) {
    const values: unknown = Object.hasOwn(columns, name) ? columns[name as keyof typeof columns] : undefined;
    if (values === undefined) return err({ kind: 'missing-column', column: name, expected: columnSchema.type });
    const column = arrowColumn(name, columnSchema, values);
    if (!column.ok) return column;
    const first = laidOut[0];
    if (first !== undefined && first.column.length !== column.value.length) {
      const other = { other: first.name, otherLength: first.column.length };
      return err({ kind: 'wrong-length', column: name, length: column.value.length, ...other });
    }
    laidOut.push({ name, schema: columnSchema, column: column.value });
  }

  const arrow = await loadArrow();
  const fields = laidOut.map(({ name, schema: { type, nullable, unit, description } }) => {
    const metadata = new Map(Object.entries({ ...(unit === undefined ? {} : { unit }), description }));
    return new arrow.Field(name, arrowType(arrow, type), nullable === true, metadata);
  });
  const children = laidOut.map(({ schema: { type }, column }) => arrowData(arrow, type, column));
  const length = laidOut[0]?.column.length ?? 0;
  const rows = arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children });
  const described = new arrow.Schema(fields, new Map([['description', schema.description]]));
  const writer = new arrow.RecordBatchFileWriter();
  writer.write(new arrow.RecordBatch(described, rows));
  return ok(writer.finish().toUint8Array(true));
}

/** Encodes a table and writes it to a file. */
export async function writeTable<T extends TableSchema>(
  path: string,
  schema: T,
  columns: WritableColumns<T>,
): Promise<Result<void, TableProblem>> {
  const encoded = await encodeTable(schema, columns);
  return encoded.ok ? ok(await writeFile(path, encoded.value)) : encoded;
}

/**
 * Reads the columns of `schema` from an Arrow file, also from a file of another program: columns may come in any
 * order and in several batches, and unknown columns are ignored. Typed arrays are views of `bytes`.
 */
export async function decodeTable<T extends TableSchema>(
  bytes: Uint8Array,
  schema: T,
): Promise<Result<Columns<T>, TableProblem>> {
  const arrow = await loadArrow();
  const framing = checkFraming(bytes);
  if (framing !== null) return err({ kind: 'unreadable', reason: framing });
  try {
    const table = arrow.tableFromIPC(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice());
    const columns: [string, unknown][] = [];
    for (const [name, columnSchema] of Object.entries(schema.columns)) {
      const vector = table.getChild(name);
      if (vector === null) return err({ kind: 'missing-column', column: name, expected: columnSchema.type });
      const read = readColumn(arrow, name, columnSchema, vector);
      if (!read.ok) return read;
      columns.push([name, read.value]);
    }
    return ok(Object.fromEntries(columns) as Columns<T>);
  } catch (error) {
    // apache-arrow throws errors of any kind when the metadata or the buffers of a file are damaged.
    return err({ kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * Reads a table from a file.
 *
 * @throws an error of `node:fs` if the file cannot be read at all
 */
export async function readTable<T extends TableSchema>(
  path: string,
  schema: T,
): Promise<Result<Columns<T>, TableProblem>> {
  return decodeTable(await readFile(path), schema);
}

const MAGIC = Buffer.from('ARROW1');

/** Checks both ends of the file: apache-arrow would take a damaged file for a stream, or for an empty table. */
function checkFraming(bytes: Uint8Array): string | null {
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length))) return `${bytes.length} bytes that do not start with ARROW1`;
  const whole = bytes.length >= 2 * MAGIC.length && MAGIC.equals(bytes.subarray(-MAGIC.length));
  return whole ? null : `${bytes.length} bytes that do not end with ARROW1 (cut off?)`;
}

function readColumn(arrow: Arrow, column: string, schema: ColumnSchema, vector: Vector): Result<unknown, TableProblem> {
  const { type: expected, nullable } = schema;
  const found = columnType(arrow, vector.type);
  if (found !== expected) return err({ kind: 'wrong-type', column, expected, found: found ?? String(vector.type) });
  if (nullable === true) return ok(Array.from(vector));
  if (vector.nullCount > 0) {
    const row = Array.from(vector).indexOf(null);
    return err({ kind: 'unexpected-null', column, row, expected });
  }
  return ok(expected === 'bool' || expected === 'utf8' ? Array.from(vector) : vector.toArray());
}

function arrowType(arrow: Arrow, type: ColumnType): DataType {
  switch (type) {
    case 'int64':
      return new arrow.Int64();
    case 'int32':
      return new arrow.Int32();
    case 'uint16':
      return new arrow.Uint16();
    case 'float64':
      return new arrow.Float64();
    case 'float32':
      return new arrow.Float32();
    case 'bool':
      return new arrow.Bool();
    case 'utf8':
      return new arrow.Utf8();
  }
}

const COLUMN_TYPES: readonly ColumnType[] = ['int64', 'int32', 'uint16', 'float64', 'float32', 'bool', 'utf8'];

const columnType = (arrow: Arrow, type: DataType): ColumnType | undefined =>
  COLUMN_TYPES.find((candidate) => String(arrowType(arrow, candidate)) === String(type));

function arrowData(arrow: Arrow, type: ColumnType, column: ArrowColumn): Data {
  const { length, nullCount, validity: nullBitmap, values: data, offsets: valueOffsets } = column;
  // The union of types is too wide for `makeData`'s overloads; each pair of type and layout here is valid.
  const props = { type: arrowType(arrow, type), length, nullCount, nullBitmap, data, valueOffsets };
  return arrow.makeData(props as unknown as Parameters<typeof arrow.makeData>[0]) as Data;
}
