/** Columns as apache-arrow's types, and back. */
import type { DataType, Vector } from 'apache-arrow';
import { err, ok, type Result } from '../base/result.ts';
import { type ColumnType, NUMBER_KINDS, type NumberType, storedAs, typeText } from './column-types.ts';
import type { TableProblem } from './table-problem.ts';
import type { ColumnSchema } from './table-schema.ts';

export type Arrow = typeof import('apache-arrow');

function numberType(arrow: Arrow, type: NumberType): DataType {
  const name = type.replace(/^u?[a-z]/, (first) => first.charAt(0).toUpperCase() + first.slice(1));
  return new arrow[name as 'Int8' | 'Uint8' | 'Float64']();
}

/** The type in which a column is written. */
export function arrowType(arrow: Arrow, { type, of = 'float64', size, zone }: ColumnSchema): DataType {
  switch (type) {
    case 'bool':
      return new arrow.Bool();
    case 'utf8':
      return new arrow.Utf8();
    case 'binary':
      return new arrow.Binary();
    case 'date':
      return new arrow.DateDay();
    case 'timestamp':
      return new arrow.TimestampMicrosecond(zone ?? null);
    case 'list': {
      const item = new arrow.Field('item', numberType(arrow, of), false);
      return size === undefined ? new arrow.List(item) : new arrow.FixedSizeList(size, item);
    }
    default:
      return numberType(arrow, type);
  }
}

/** Reads the column of a table that any program wrote: the values of its type, however they are encoded. */
export function readColumn(
  arrow: Arrow,
  column: string,
  schema: ColumnSchema,
  vector: Vector,
): Result<unknown, TableProblem> {
  const expected = typeText(schema);
  const read = reader(arrow, schema, vector);
  if (read === undefined) return err({ kind: 'wrong-type', column, expected, found: nameOf(arrow, vector.type) });
  if (schema.nullable !== true && vector.nullCount > 0) {
    return err({ kind: 'unexpected-null', column, row: Array.from(vector).indexOf(null), expected });
  }
  const number: NumberType | undefined = storedAs(schema.type);
  const isWritten = String(vector.type) === String(arrowType(arrow, schema));
  if (isWritten && number !== undefined && schema.type !== 'date' && schema.nullable !== true)
    return ok(vector.toArray());
  const values: unknown[] = [];
  for (let row = 0; row < vector.length; row++) {
    const value = vector.isValid(row) ? read(row) : null;
    if (value === undefined) return err({ kind: 'out-of-range', column, row, schema, found: String(vector.get(row)) });
    values.push(value);
  }
  if (number === undefined || schema.nullable === true) return ok(values);
  return ok(NUMBER_KINDS[number].from(values as (number | bigint)[]));
}

/** Gives the value of a row that has one; undefined if the column's type cannot hold it. */
type Reader = (row: number) => unknown;

/** Undefined if values of the vector's type are not those of the column. */
function reader(arrow: Arrow, schema: ColumnSchema, vector: Vector): Reader | undefined {
  const { DataType: is } = arrow;
  const type: DataType = is.isDictionary(vector.type) ? vector.type.dictionary : vector.type;
  const asIs = (row: number) => vector.get(row);
  switch (schema.type) {
    case 'utf8':
      return is.isUtf8(type) || is.isLargeUtf8(type) || is.isUtf8View(type) ? asIs : undefined;
    case 'binary': {
      const isBinary = is.isBinary(type) || is.isLargeBinary(type) || is.isBinaryView(type);
      return isBinary || is.isFixedSizeBinary(type) ? (row) => vector.get(row).slice() : undefined;
    }
    case 'date':
      return is.isDate(type) ? (row) => dayOf(vector.get(row)) : undefined;
    case 'timestamp':
      return is.isTimestamp(type) && (type.timezone || undefined) === schema.zone
        ? timestampReader(vector, type.unit)
        : undefined;
    case 'list':
      return listReader(arrow, schema, vector);
    default:
      return String(type) === String(arrowType(arrow, schema)) ? asIs : undefined;
  }
}

/** Arrow's own numbers, for `get` rounds to milliseconds. Units are seconds, then thousandths of the one before. */
function timestampReader(vector: Vector, unit: number): Reader {
  const raw: BigInt64Array = vector.toArray();
  const exponent = BigInt(3 * (2 - unit));
  return (row) => {
    const value = raw[row] ?? 0n;
    if (exponent >= 0n) return value * 10n ** exponent;
    const divisor = 10n ** -exponent;
    return value % divisor === 0n ? value / divisor : undefined;
  };
}

const DAY_MS = 86_400_000;

/** apache-arrow gives dates in milliseconds. */
function dayOf(milliseconds: number): number | undefined {
  const day = Number(milliseconds) / DAY_MS;
  return Number.isInteger(day) ? day : undefined;
}

function listReader(arrow: Arrow, { of = 'float64', size }: ColumnSchema, vector: Vector): Reader | undefined {
  const { DataType: is } = arrow;
  const type: DataType = vector.type;
  if (!is.isList(type) && !is.isLargeList(type) && !is.isFixedSizeList(type)) return undefined;
  if (String(type.children[0]?.type) !== String(numberType(arrow, of))) return undefined;
  return (row) => {
    const items: Vector = vector.get(row);
    const fits = items.nullCount === 0 && (size === undefined || items.length === size);
    return fits ? items.toArray().slice() : undefined;
  };
}

const SIMPLE: readonly ColumnType[] = [
  ...(Object.keys(NUMBER_KINDS) as NumberType[]),
  'bool',
  'utf8',
  'binary',
  'date',
];

/** Our name of a type if there is one, else Arrow's. */
const nameOf = (arrow: Arrow, type: DataType): string =>
  SIMPLE.find((simple) => String(arrowType(arrow, { type: simple, description: '' })) === String(type)) ?? String(type);
