/**
 * Lays out a column's values as Arrow does in memory, in the one form that equal content has: zeroes under nulls, a
 * validity bitmap only if there is a null, one bit pattern for NaN (-0 stays -0).
 */
import { err, ok, type Result } from '../base/result.ts';
import { type Fit, NUMBER_KINDS, type NumberArray, type NumberType, storedAs, typeText } from './column-types.ts';
import type { TableProblem } from './table-problem.ts';
import type { ColumnSchema } from './table-schema.ts';

export interface ArrowColumn {
  readonly length: number;
  readonly nullCount: number;
  /** One bit a row, least significant first, 1 for a value; null if every row has one. */
  readonly validity: Uint8Array | null;
  /** Numbers; bools as bits; texts and bytes without separators; nothing for a list. */
  readonly values: NumberArray;
  /** Of texts, bytes and lists of any count: the start of each row in `values` or in `items`, and then the end. */
  readonly offsets?: Int32Array;
  /** Of a list: the numbers of all rows. */
  readonly items?: ArrowColumn;
}

type LaidOut = Result<ArrowColumn, TableProblem>;

/** apache-arrow computes a buffer's padding in 32-bit integers. */
const MOST_BYTES = 2_147_483_640;

/** Lays out `values`, which may be anything. Typed arrays are checked and passed on without a copy. */
export function arrowColumn(column: string, schema: ColumnSchema, values: unknown): LaidOut {
  const laidOut = ArrayBuffer.isView(values) ? ofArray(column, schema, values) : ofList(column, schema, values);
  if (!laidOut.ok) return laidOut;
  const bytes = Math.max(laidOut.value.values.byteLength, laidOut.value.items?.values.byteLength ?? 0);
  return bytes > MOST_BYTES ? err({ kind: 'too-large', column, bytes, limit: MOST_BYTES }) : laidOut;
}

function ofArray(column: string, schema: ColumnSchema, values: ArrayBufferView): LaidOut {
  const number: NumberType | undefined = storedAs(schema.type);
  const found = Object.prototype.toString.call(values).slice(8, -1);
  if (number === undefined || found !== NUMBER_KINDS[number].array) {
    return err({ kind: 'wrong-type', column, expected: typeText(schema), found });
  }
  const array = values as NumberArray;
  return ok({ length: array.length, nullCount: 0, validity: null, values: canonical(array) });
}

function ofList(column: string, schema: ColumnSchema, values: unknown): LaidOut {
  if (!Array.isArray(values)) {
    return err({ kind: 'wrong-type', column, expected: typeText(schema), found: kindOf(values) });
  }
  const list: readonly unknown[] = values;
  const invalid = firstInvalid(column, schema, list);
  if (invalid !== null) return err(invalid);
  const bytes = schema.type === 'utf8' || schema.type === 'binary' ? lengthOf(list) : 0;
  if (bytes > MOST_BYTES) return err({ kind: 'too-large', column, bytes, limit: MOST_BYTES });
  return ok({ length: list.length, ...validityOf(list), ...valuesOf(schema, list) });
}

/** The values of a list that was checked. */
function valuesOf(schema: ColumnSchema, list: readonly unknown[]): Pick<ArrowColumn, 'values' | 'offsets' | 'items'> {
  switch (schema.type) {
    case 'bool':
      return { values: pack(list, (value) => value === true) };
    case 'utf8':
    case 'binary':
      return joined(list);
    case 'list':
      return nested(schema, list as readonly (ArrayLike<number | bigint> | null)[]);
    default: {
      const number = storedAs(schema.type);
      return { values: canonical(NUMBER_KINDS[number].from(list as readonly (number | bigint | null)[])) };
    }
  }
}

function firstInvalid(column: string, schema: ColumnSchema, list: readonly unknown[]): TableProblem | null {
  const expected = typeText(schema);
  for (const [row, value] of list.entries()) {
    if (value === null) {
      if (schema.nullable !== true) return { kind: 'unexpected-null', column, row, expected };
      continue;
    }
    const fit = fitOf(schema, value);
    if (fit === 'yes') continue;
    const found = typeof value === 'number' || typeof value === 'bigint' ? String(value) : kindOf(value);
    return { kind: fit === 'range' ? 'out-of-range' : 'wrong-value', column, row, schema, found };
  }
  return null;
}

function fitOf(schema: ColumnSchema, value: unknown): Fit {
  switch (schema.type) {
    case 'bool':
      return typeof value === 'boolean' ? 'yes' : 'no';
    case 'utf8':
      return typeof value === 'string' && !/\p{Surrogate}/u.test(value) ? 'yes' : 'no';
    case 'binary':
      return value instanceof Uint8Array ? 'yes' : 'no';
    case 'list':
      return listFit(schema, value);
    default:
      return NUMBER_KINDS[storedAs(schema.type)].fit(value);
  }
}

function listFit({ of = 'float64', size }: ColumnSchema, value: unknown): Fit {
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && 'length' in value)) return 'no';
  const items = value as ArrayLike<unknown>;
  if (size !== undefined && items.length !== size) return 'range';
  for (let i = 0; i < items.length; i++) {
    const fit = NUMBER_KINDS[of].fit(items[i]);
    if (fit !== 'yes') return fit;
  }
  return 'yes';
}

function kindOf(value: unknown): string {
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) return 'text with half a surrogate pair';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return ArrayBuffer.isView(value) ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
}

function validityOf(list: readonly unknown[]): Pick<ArrowColumn, 'nullCount' | 'validity'> {
  const nullCount = list.reduce<number>((count, value) => count + (value === null ? 1 : 0), 0);
  return { nullCount, validity: nullCount === 0 ? null : pack(list, (value) => value !== null) };
}

function pack(list: readonly unknown[], isSet: (value: unknown) => boolean): Uint8Array {
  const packed = new Uint8Array((list.length + 7) >> 3);
  for (let i = 0; i < list.length; i++) if (isSet(list[i])) packed[i >> 3] = (packed[i >> 3] ?? 0) | (1 << (i & 7));
  return packed;
}

const lengthOf = (list: readonly unknown[]): number =>
  list.reduce<number>((bytes, value) => bytes + (value === null ? 0 : Buffer.byteLength(value as string)), 0);

/** Texts or bytes, one after the other. */
function joined(list: readonly unknown[]): Pick<ArrowColumn, 'values' | 'offsets'> {
  const values = Buffer.alloc(lengthOf(list));
  const offsets = new Int32Array(list.length + 1);
  let end = 0;
  for (const [row, value] of list.entries()) {
    if (typeof value === 'string') end += values.write(value, end);
    else if (value instanceof Uint8Array) {
      values.set(value, end);
      end += value.length;
    }
    offsets[row + 1] = end;
  }
  return { values, offsets };
}

/** Lists of numbers, one after the other. A null of a fixed size takes as many zeroes. */
function nested(
  { of = 'float64', size }: ColumnSchema,
  list: readonly (ArrayLike<number | bigint> | null)[],
): Pick<ArrowColumn, 'values' | 'offsets' | 'items'> {
  const numbers: (number | bigint | null)[] = [];
  const offsets = new Int32Array(list.length + 1);
  for (const [row, value] of list.entries()) {
    const count = value?.length ?? size ?? 0;
    for (let i = 0; i < count; i++) numbers.push(value?.[i] ?? null);
    offsets[row + 1] = numbers.length;
  }
  const items = itemsOf(of, numbers);
  const values = new Uint8Array(0);
  return size === undefined ? { values, offsets, items } : { values, items };
}

function itemsOf(of: NumberType, numbers: readonly (number | bigint | null)[]): ArrowColumn {
  const values = canonical(NUMBER_KINDS[of].from(numbers));
  return { length: numbers.length, nullCount: 0, validity: null, values };
}

/** NaN has millions of bit patterns, and the processor decides which one a sum leaves: keep one. */
function canonical(array: NumberArray): NumberArray {
  if (!(array instanceof Float64Array || array instanceof Float32Array)) return array;
  let first = 0;
  while (first < array.length && !Number.isNaN(array[first])) first++;
  if (first === array.length) return array;
  const copy = array.slice();
  const words = new Uint32Array(copy.buffer);
  for (let i = first; i < copy.length; i++) {
    if (!Number.isNaN(copy[i])) continue;
    if (copy.BYTES_PER_ELEMENT === 4) words[i] = 0x7fc00000;
    else words.set([0, 0x7ff80000], 2 * i);
  }
  return copy;
}
