/**
 * Lays out a column's values in memory as Arrow does, so that equal content gives equal bytes: zeroes
 * under nulls, a validity bitmap only if there is a null, a single bit pattern for NaN (-0 stays -0).
 */
import { err, ok, type Result } from '../base/result.ts';
import type { TableProblem } from './table-problem.ts';
import type { ColumnSchema, ColumnType } from './table-schema.ts';

export interface ArrowColumn {
  readonly length: number;
  readonly nullCount: number;
  /** A bit per row, least significant first, 1 for a value; null if no row is null. */
  readonly validity: Uint8Array | null;
  /** The values; bools as bits; text as UTF-8 without separators. */
  readonly values: NumberArray | Uint8Array;
  /** Text only: the byte at which each row starts in `values`, then the length of `values`. */
  readonly offsets?: Int32Array;
}

type NumberArray = BigInt64Array | Int32Array | Uint16Array | Float64Array | Float32Array;
type ColumnResult = Result<ArrowColumn, TableProblem>;

/** apache-arrow computes a buffer's padding in 32-bit integers. */
const BYTE_LIMIT = 2_147_483_640;

/** Checks and lays out `values`, which may be anything; a typed array is passed on without a copy. */
export function arrowColumn(column: string, schema: ColumnSchema, values: unknown): ColumnResult {
  const laidOut = layOut(column, schema, values);
  if (laidOut.ok && laidOut.value.values.byteLength > BYTE_LIMIT) {
    return err({ kind: 'too-large', column, bytes: laidOut.value.values.byteLength, limit: BYTE_LIMIT });
  }
  return laidOut;
}

function layOut(column: string, schema: ColumnSchema, values: unknown): ColumnResult {
  const { type } = schema;
  if (ArrayBuffer.isView(values)) {
    const found = Object.prototype.toString.call(values).slice(8, -1);
    if (found !== ARRAY_NAMES[type]) return err({ kind: 'wrong-type', column, expected: type, found });
    const array = values as NumberArray;
    const isFloat = type === 'float64' || type === 'float32';
    const canonical = isFloat ? canonicalNaN(array as Float64Array | Float32Array) : array;
    return ok({ length: array.length, nullCount: 0, validity: null, values: canonical });
  }
  if (!Array.isArray(values)) return err({ kind: 'wrong-type', column, expected: type, found: kindOf(values) });
  const list: readonly unknown[] = values;
  const invalid = firstInvalid(column, schema, list);
  if (invalid !== null) return err(invalid);
  const validity = validityOf(list);
  const stored = type === 'utf8' ? text(list) : { values: type === 'bool' ? bits(list) : numbers(type, list) };
  if (stored === null) return err({ kind: 'too-large', column, bytes: utf8Length(list), limit: BYTE_LIMIT });
  return ok({ length: list.length, ...validity, ...stored });
}

const ARRAY_NAMES: { readonly [T in ColumnType]: string } = {
  int64: 'BigInt64Array',
  int32: 'Int32Array',
  uint16: 'Uint16Array',
  float64: 'Float64Array',
  float32: 'Float32Array',
  bool: 'a list of booleans',
  utf8: 'a list of strings',
};

function firstInvalid(column: string, schema: ColumnSchema, list: readonly unknown[]): TableProblem | null {
  const { type: expected } = schema;
  for (let row = 0; row < list.length; row++) {
    const value = list[row];
    if (value === null) {
      if (schema.nullable !== true) return { kind: 'unexpected-null', column, row, expected };
      continue;
    }
    const kind = VALUE_PROBLEMS[expected](value);
    if (kind === null) continue;
    const found = typeof value === 'number' || typeof value === 'bigint' ? String(value) : kindOf(value);
    return { kind, column, row, expected, found };
  }
  return null;
}

/** Null for a value that the column's type can hold. */
type ValueProblem = 'wrong-value' | 'out-of-range' | null;

const wrongUnless = (isRight: boolean): ValueProblem => (isRight ? null : 'wrong-value');
const outsideUnless = (isInRange: boolean): ValueProblem => (isInRange ? null : 'out-of-range');

const wholeNumber =
  (low: number, high: number) =>
  (value: unknown): ValueProblem =>
    typeof value === 'number' ? outsideUnless(Number.isInteger(value) && value >= low && value <= high) : 'wrong-value';

const safeInteger = wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

const VALUE_PROBLEMS: { readonly [T in ColumnType]: (value: unknown) => ValueProblem } = {
  int64: (value) =>
    typeof value === 'bigint' ? outsideUnless(BigInt.asIntN(64, value) === value) : safeInteger(value),
  int32: wholeNumber(-2147483648, 2147483647),
  uint16: wholeNumber(0, 65535),
  float64: (value) => wrongUnless(typeof value === 'number'),
  float32: (value) =>
    typeof value === 'number'
      ? outsideUnless(!Number.isFinite(value) || Number.isFinite(Math.fround(value)))
      : 'wrong-value',
  bool: (value) => wrongUnless(typeof value === 'boolean'),
  utf8: (value) => wrongUnless(typeof value === 'string' && !/\p{Surrogate}/u.test(value)),
};

function kindOf(value: unknown): string {
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) return 'text with half a surrogate pair';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}

function validityOf(list: readonly unknown[]): { nullCount: number; validity: Uint8Array | null } {
  let nullCount = 0;
  for (const value of list) if (value === null) nullCount++;
  return { nullCount, validity: nullCount === 0 ? null : pack(list, (value) => value !== null) };
}

const bits = (list: readonly unknown[]): Uint8Array => pack(list, (value) => value === true);

function pack(list: readonly unknown[], isSet: (value: unknown) => boolean): Uint8Array {
  const packed = new Uint8Array((list.length + 7) >> 3);
  for (let i = 0; i < list.length; i++) if (isSet(list[i])) packed[i >> 3] = (packed[i >> 3] ?? 0) | (1 << (i & 7));
  return packed;
}

function numbers(type: Exclude<ColumnType, 'bool' | 'utf8'>, list: readonly unknown[]): NumberArray {
  if (type === 'int64') return BigInt64Array.from(list as readonly (bigint | number | null)[], (v) => BigInt(v ?? 0));
  const checked = list as readonly (number | null)[];
  if (type === 'int32') return Int32Array.from(checked, (v) => v ?? 0);
  if (type === 'uint16') return Uint16Array.from(checked, (v) => v ?? 0);
  if (type === 'float32') return canonicalNaN(Float32Array.from(checked, (v) => v ?? 0));
  return canonicalNaN(Float64Array.from(checked, (v) => v ?? 0));
}

/** NaN has millions of bit patterns, and the pattern that a sum leaves depends on the processor: store only this. */
function canonicalNaN<A extends Float64Array | Float32Array>(array: A): A {
  let first = 0;
  while (first < array.length && !Number.isNaN(array[first])) first++;
  if (first === array.length) return array;
  const copy = array.slice() as A;
  const words = new Uint32Array(copy.buffer);
  for (let i = first; i < copy.length; i++) {
    if (!Number.isNaN(copy[i])) continue;
    if (copy.BYTES_PER_ELEMENT === 4) words[i] = 0x7fc00000;
    else words.set([0, 0x7ff80000], 2 * i);
  }
  return copy;
}

function utf8Length(list: readonly unknown[]): number {
  let bytes = 0;
  for (const value of list) if (value !== null) bytes += Buffer.byteLength(value as string);
  return bytes;
}

/** Null if the text is longer than 32-bit offsets reach. */
function text(list: readonly unknown[]): { values: Uint8Array; offsets: Int32Array } | null {
  const length = utf8Length(list);
  if (length > BYTE_LIMIT) return null;
  const values = Buffer.alloc(length);
  const offsets = new Int32Array(list.length + 1);
  let end = 0;
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (value !== null) end += values.write(value as string, end);
    offsets[i + 1] = end;
  }
  return { values, offsets };
}
