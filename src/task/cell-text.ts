/** Values of a table's columns as text. */
import type { ColumnType } from './column-types.ts';
import type { ColumnSchema, TableSchema } from './table-schema.ts';

/**
 * Writes a number in the shortest form that reads back the same, a date or time as ISO 8601 (with a `Z` if the column
 * has a zone), bytes in base64, a list as JSON does. `value` is not null.
 */
export function cellText(value: unknown, schema: ColumnSchema): string {
  switch (schema.type) {
    case 'date':
      return isoText(Number(value) * DAY_MS)?.slice(0, -'T00:00:00.000Z'.length) ?? String(value);
    case 'timestamp':
      return timeText(BigInt(value as bigint | number), schema.zone === undefined ? '' : 'Z');
    case 'binary':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'list':
      return `[${Array.from(value as ArrayLike<unknown>, (item) => numberText(item, schema.of)).join(',')}]`;
    default:
      return numberText(value, schema.type);
  }
}

/** Values of these types are objects, or numbers that nobody can read. */
const AS_TEXT: ReadonlySet<ColumnType> = new Set(['date', 'timestamp', 'binary', 'list']);

/** Gives the columns of a table with dates, times, bytes and lists as text, to be compared and shown. */
export function readableColumns(
  { columns: schemas }: TableSchema,
  columns: { readonly [name: string]: ArrayLike<unknown> },
): { readonly [name: string]: ArrayLike<unknown> } {
  const readable = Object.entries(columns).map(([name, values]) => {
    const schema = schemas[name];
    if (schema === undefined || !AS_TEXT.has(schema.type)) return [name, values] as const;
    return [name, Array.from(values, (value) => (value === null ? null : cellText(value, schema)))] as const;
  });
  return Object.fromEntries(readable);
}

const DAY_MS = 86_400_000;

/** Undefined beyond the years that JavaScript knows. */
function isoText(milliseconds: number): string | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function timeText(microseconds: bigint, zone: string): string {
  const rest = ((microseconds % 1000n) + 1000n) % 1000n;
  const iso = isoText(Number((microseconds - rest) / 1000n));
  return iso === undefined ? String(microseconds) : `${iso.slice(0, -1)}${String(rest).padStart(3, '0')}${zone}`;
}

function numberText(value: unknown, type: string | undefined): string {
  if (typeof value !== 'number') return String(value);
  if (Object.is(value, -0)) return type?.startsWith('float') ? '-0' : '0';
  return String(type === 'float32' ? Math.fround(value) : value);
}
