/**
 * One column's values as Arrow lays them out in memory, in the one form that equal content has: zeroes
 * under nulls, a validity bitmap only where there is a null, one bit pattern for NaN (-0 stays -0).
 */
import { err, ok, type Result } from '../base/result.ts';
import type { TableProblem } from './table-problem.ts';
import type { ColumnSchema, ColumnType } from './table-schema.ts';

export interface ArrowColumn {
  readonly length: number;
  readonly nullCount: number;
  /** One bit a row, least significant first, 1 where there is a value; null where every row has one. */
  readonly validity: Uint8Array | null;
  /** The values; bools as bits; text as UTF-8 without separators. */
  readonly values: NumberArray | Uint8Array;
  /** Text only: where each row starts in `values`, and at last its length. */
  readonly offsets?: Int32Array;
}

type NumberArray = BigInt64Array | Int32Array | Uint16Array | Float64Array | Float32Array;
type Made = Result<ArrowColumn, TableProblem>;

/** apache-arrow computes a buffer's padding in 32-bit integers. */
const byteLimit = 2_147_483_640;

/** Lays out `values`, which may be anything; typed arrays are checked and passed on without a copy. */
export function arrowColumn(column: string, schema: ColumnSchema, values: unknown): Made {
  const made = layOut(column, schema, values);
  if (made.ok && made.value.values.byteLength > byteLimit) {
    return err({ kind: 'too-large', column, bytes: made.value.values.byteLength, limit: byteLimit });
  }
  return made;
}

function layOut(column: string, schema: ColumnSchema, values: unknown): Made {
  const { type } = schema;
  if (ArrayBuffer.isView(values)) {
    const found = Object.prototype.toString.call(values).slice(8, -1);
    if (found !== arrayNames[type]) return err({ kind: 'wrong-type', column, expected: type, found });
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
  if (stored === null) return err({ kind: 'too-large', column, bytes: utf8Length(list), limit: byteLimit });
  return ok({ length: list.length, ...validity, ...stored });
}

const arrayNames: { readonly [T in ColumnType]: string } = {
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
    const verdict = fits[expected](value);
    if (verdict === 'yes') continue;
    const found = typeof value === 'number' || typeof value === 'bigint' ? String(value) : kindOf(value);
    return { kind: verdict === 'range' ? 'out-of-range' : 'wrong-value', column, row, expected, found };
  }
  return null;
}

type Fit = 'yes' | 'no' | 'range';

const whole =
  (low: number, high: number) =>
  (value: unknown): Fit =>
    typeof value !== 'number' ? 'no' : Number.isInteger(value) && value >= low && value <= high ? 'yes' : 'range';

const fits: { readonly [T in ColumnType]: (value: unknown) => Fit } = {
  int64: (value) =>
    typeof value === 'bigint'
      ? BigInt.asIntN(64, value) === value
        ? 'yes'
        : 'range'
      : whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)(value),
  int32: whole(-2147483648, 2147483647),
  uint16: whole(0, 65535),
  float64: (value) => (typeof value === 'number' ? 'yes' : 'no'),
  float32: (value) =>
    typeof value !== 'number' ? 'no' : Number.isFinite(value) && !Number.isFinite(Math.fround(value)) ? 'range' : 'yes',
  bool: (value) => (typeof value === 'boolean' ? 'yes' : 'no'),
  utf8: (value) => (typeof value === 'string' && !/\p{Surrogate}/u.test(value) ? 'yes' : 'no'),
};

function kindOf(value: unknown): string {
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) return 'text with half a surrogate pair';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
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

/** NaN has millions of bit patterns, and which one a sum leaves depends on the processor: keep one. */
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

/** Null where the text is longer than 32-bit offsets reach. */
function text(list: readonly unknown[]): { values: Uint8Array; offsets: Int32Array } | null {
  const length = utf8Length(list);
  if (length > byteLimit) return null;
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
