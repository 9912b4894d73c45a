/**
 * The engine's only writer and reader of Arrow files. Equal content gives equal bytes, regardless of earlier work in
 * the process: IPC file format, uncompressed, always a single record batch, columns in the schema's order, no
 * dictionaries, values as `arrow-columns.ts` lays them out.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Data, DataType, Table } from 'apache-arrow';
import { err, ok, type Result } from '../base/result.ts';
import { type ArrowColumn, arrowColumn } from './arrow-columns.ts';
import { type Arrow, arrowType, readColumn } from './arrow-types.ts';
import { typeText } from './column-types.ts';
import type { TableProblem } from './table-problem.ts';
import type { ColumnSchema, Columns, TableSchema, WritableColumns } from './table-schema.ts';

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
    if (values === undefined) return err({ kind: 'missing-column', column: name, expected: typeText(columnSchema) });
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
  const fields = laidOut.map(({ name, schema: columnSchema }) => {
    const { nullable, unit, description } = columnSchema;
    const metadata = new Map(Object.entries({ ...(unit === undefined ? {} : { unit }), description }));
    return new arrow.Field(name, arrowType(arrow, columnSchema), nullable === true, metadata);
  });
  const children = laidOut.map((one) => arrowData(arrow, arrowType(arrow, one.schema), one.column));
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
 * Reads the columns of `schema` from an Arrow file or stream, also of another program: columns may come in any order,
 * in several batches, compressed (LZ4, ZSTD), as dictionaries, views or large types; unknown columns are ignored.
 * Typed arrays of a file that groundproof wrote are views of `bytes`.
 */
export async function decodeTable<T extends TableSchema>(
  bytes: Uint8Array,
  schema: T,
): Promise<Result<Columns<T>, TableProblem>> {
  const arrow = await loadArrow();
  const framing = framingProblem(bytes);
  if (framing !== null) return err({ kind: 'unreadable', reason: framing });
  try {
    const table = await tableIn(arrow, bytes);
    const columns: [string, unknown][] = [];
    for (const [name, columnSchema] of Object.entries(schema.columns)) {
      const vector = table.getChild(name);
      if (vector === null) return err({ kind: 'missing-column', column: name, expected: typeText(columnSchema) });
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

async function tableIn(arrow: Arrow, bytes: Uint8Array): Promise<Table> {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  try {
    return arrow.tableFromIPC(aligned);
  } catch (error) {
    if (!(error instanceof Error && /codec not found/.test(error.message))) throw error;
    const { addCodecs } = await import('./arrow-codecs.ts');
    addCodecs(arrow);
    return arrow.tableFromIPC(aligned);
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
/** A stream begins with the mark of a message, and ends with that of an empty one. */
const STREAM_START = Buffer.from([0xff, 0xff, 0xff, 0xff]);
const STREAM_END = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

const startsWith = (bytes: Uint8Array, mark: Buffer): boolean => mark.equals(bytes.subarray(0, mark.length));
const endsWith = (bytes: Uint8Array, mark: Buffer): boolean => mark.equals(bytes.subarray(-mark.length));

/** Checks both ends: apache-arrow would take a damaged file for a stream, or a part of a stream for a whole one. */
function framingProblem(bytes: Uint8Array): string | null {
  if (startsWith(bytes, STREAM_START)) {
    return endsWith(bytes, STREAM_END) ? null : `a stream of ${bytes.length} bytes without its end (cut off?)`;
  }
  if (!startsWith(bytes, MAGIC)) return `${bytes.length} bytes that do not start with ARROW1`;
  const whole = bytes.length >= 2 * MAGIC.length && endsWith(bytes, MAGIC);
  return whole ? null : `${bytes.length} bytes that do not end with ARROW1 (cut off?)`;
}

function arrowData(arrow: Arrow, type: DataType, column: ArrowColumn): Data {
  const { length, nullCount, validity: nullBitmap, values: data, offsets: valueOffsets, items } = column;
  const child = items && arrowData(arrow, type.children[0]?.type as DataType, items);
  // The union of types is too wide for `makeData`'s overloads; each pair of type and layout here is valid.
  const props = { type, length, nullCount, nullBitmap, data, valueOffsets, child };
  return arrow.makeData(props as unknown as Parameters<typeof arrow.makeData>[0]) as Data;
}
