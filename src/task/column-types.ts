/** The types that a column may have: how values are stored, and which values fit. */
import type { ColumnSchema } from './table-schema.ts';

export type NumberType =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64';

/**
 * `date`: days since 1970-01-01. `timestamp`: microseconds since 1970-01-01 00:00:00, in UTC if the column has a zone.
 * `list`: numbers of one type, any count or always the same.
 */
export type ColumnType = NumberType | 'date' | 'timestamp' | 'bool' | 'utf8' | 'binary' | 'list';

export interface NumberArrays {
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  float32: Float32Array;
  float64: Float64Array;
}

export type NumberArray = NumberArrays[NumberType];

/** Whether a value can be stored: `range` if it is of the right kind and too large, too small or no whole number. */
export type Fit = 'yes' | 'no' | 'range';

interface NumberKind {
  readonly array: string;
  from(values: readonly (number | bigint | null)[]): NumberArray;
  fit(value: unknown): Fit;
  /** Completes "expected ...". */
  readonly range: string;
}

function wholeFit(value: unknown, low: number, high: number): Fit {
  if (typeof value !== 'number') return 'no';
  return Number.isInteger(value) && value >= low && value <= high ? 'yes' : 'range';
}

/** Integers of up to 32 bits, as plain numbers. */
function small(
  array: { from(values: readonly number[]): NumberArray; readonly name: string },
  low: number,
  high: number,
): NumberKind {
  return {
    array: array.name,
    from: (values) => array.from(values.map(Number)),
    fit: (value) => wholeFit(value, low, high),
    range: `a whole number from ${low} to ${high}`,
  };
}

/** Integers of 64 bits: bigints, or plain numbers where these are exact. */
function large(wrap: (value: bigint) => bigint, low: number, array: NumberKind['array'], range: string): NumberKind {
  return {
    array,
    from: (values) => {
      const numbers = values.map((value) => BigInt(value ?? 0));
      return low === 0 ? BigUint64Array.from(numbers) : BigInt64Array.from(numbers);
    },
    fit(value) {
      if (typeof value !== 'bigint') return wholeFit(value, low, Number.MAX_SAFE_INTEGER);
      return wrap(value) === value ? 'yes' : 'range';
    },
    range,
  };
}

export const NUMBER_KINDS: { readonly [T in NumberType]: NumberKind } = {
  int8: small(Int8Array, -128, 127),
  int16: small(Int16Array, -32768, 32767),
  int32: small(Int32Array, -2147483648, 2147483647),
  int64: large(
    (value) => BigInt.asIntN(64, value),
    Number.MIN_SAFE_INTEGER,
    'BigInt64Array',
    'a whole number from -2^63 to 2^63 - 1 (as a plain number, from -(2^53 - 1) to 2^53 - 1)',
  ),
  uint8: small(Uint8Array, 0, 255),
  uint16: small(Uint16Array, 0, 65535),
  uint32: small(Uint32Array, 0, 4294967295),
  uint64: large(
    (value) => BigInt.asUintN(64, value),
    0,
    'BigUint64Array',
    'a whole number from 0 to 2^64 - 1 (as a plain number, to 2^53 - 1)',
  ),
  float32: {
    array: 'Float32Array',
    from: (values) => Float32Array.from(values, (value) => Number(value ?? 0)),
    fit(value) {
      if (typeof value !== 'number') return 'no';
      return Number.isFinite(value) && !Number.isFinite(Math.fround(value)) ? 'range' : 'yes';
    },
    range: 'a number of at most 3.4028235e38 in size',
  },
  float64: {
    array: 'Float64Array',
    from: (values) => Float64Array.from(values, (value) => Number(value ?? 0)),
    fit: (value) => (typeof value === 'number' ? 'yes' : 'no'),
    range: 'a number',
  },
};

type NumberLike = NumberType | 'date' | 'timestamp';

/** The number that stands for a value of the type; undefined for types that are no numbers. */
export function storedAs<T extends ColumnType>(type: T): T extends NumberLike ? NumberType : undefined;
export function storedAs(type: ColumnType): NumberType | undefined {
  if (type === 'date') return 'int32';
  if (type === 'timestamp') return 'int64';
  return Object.hasOwn(NUMBER_KINDS, type) ? (type as NumberType) : undefined;
}

/** Which values a column takes; completes "expected ...". */
export function rangeOf({ type, of, size }: Pick<ColumnSchema, 'type' | 'of' | 'size'>): string {
  switch (type) {
    case 'date':
      return 'days since 1970-01-01, a whole number';
    case 'timestamp':
      return 'microseconds since 1970-01-01, a whole number';
    case 'bool':
      return 'true or false';
    case 'utf8':
      return 'well-formed text';
    case 'binary':
      return 'bytes (a Uint8Array)';
    case 'list':
      return `a list of ${size === undefined ? '' : `${size} `}${of} values`;
    default:
      return NUMBER_KINDS[type].range;
  }
}

/** A column's type as people write it: `float64`, `timestamp[Europe/Paris]`, `list[float32, 3]`. */
export function typeText({ type, of, size, zone }: Pick<ColumnSchema, 'type' | 'of' | 'size' | 'zone'>): string {
  if (type === 'list') return size === undefined ? `list[${of}]` : `list[${of}, ${size}]`;
  return type === 'timestamp' && zone !== undefined ? `timestamp[${zone}]` : type;
}
