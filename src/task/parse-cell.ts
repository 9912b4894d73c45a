/** Parses a cell of a CSV: reads what `cellText` writes, and the usual forms of other programs. */
import { err, ok, type Result } from '../base/result.ts';
import { NUMBER_KINDS, type NumberType } from './column-types.ts';
import type { ColumnSchema } from './table-schema.ts';

/** The value, or the wanted form, which completes "is not ...". */
type Parsed = Result<unknown, string>;

export function parseCell(cell: string, { type, of = 'float64', size, zone }: ColumnSchema): Parsed {
  switch (type) {
    case 'utf8':
      return ok(cell);
    case 'bool':
      return orElse(BOOLS.get(cell.trim().toLowerCase()), 'true or false');
    case 'binary':
      return orElse(bytesIn(cell.trim()), 'bytes in base64');
    case 'date':
      return orElse(dayIn(cell.trim()), 'a date such as 2026-01-31');
    case 'timestamp': {
      const example = zone === undefined ? '2026-01-31T12:00:00.5' : '2026-01-31T12:00:00.5Z';
      return orElse(timeIn(cell.trim(), zone !== undefined), `a time such as ${example}, in microseconds at the most`);
    }
    case 'list':
      return listIn(cell.trim(), of, size);
    default:
      return numberIn(cell.trim(), type);
  }
}

const orElse = (value: unknown, wanted: string): Parsed => (value === undefined ? err(wanted) : ok(value));

const BOOLS = new Map([
  ['true', true],
  ['false', false],
]);

const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;

function numberIn(cell: string, type: NumberType): Parsed {
  const kind = NUMBER_KINDS[type];
  const value = type.startsWith('float') ? floatIn(cell) : wholeIn(cell, type);
  return orElse(value !== undefined && kind.fit(value) === 'yes' ? value : undefined, kind.range);
}

function floatIn(cell: string): number | undefined {
  if (DECIMAL.test(cell)) return Number(cell);
  const [, sign, nan] = NOT_FINITE.exec(cell) ?? [];
  if (sign === undefined) return undefined;
  if (nan !== undefined) return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function wholeIn(cell: string, type: NumberType): number | bigint | undefined {
  if (!WHOLE.test(cell)) return undefined;
  return type.endsWith('64') ? BigInt(cell.replace(/^\+/, '')) : Number(cell);
}

function bytesIn(cell: string): Uint8Array | undefined {
  const bytes = Buffer.from(cell, 'base64');
  return bytes.toString('base64') === cell ? new Uint8Array(bytes) : undefined;
}

const DAY_MS = 86_400_000;

function dayIn(cell: string): number | undefined {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(cell) ? Date.parse(cell) : Number.NaN;
  // JavaScript reads 2026-02-30 as a day of March.
  const isDay = !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(cell);
  return isDay ? milliseconds / DAY_MS : undefined;
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.](\d{1,6})0*)?(Z|[+-]\d\d:\d\d)?$/;

/** Microseconds. A column with a zone takes times with `Z` or an offset, a column without one takes neither. */
function timeIn(cell: string, hasZone: boolean): bigint | undefined {
  const [, day = '', clock = '', fraction = '', offset] = TIME.exec(cell) ?? [];
  if (dayIn(day) === undefined || (offset !== undefined) !== hasZone) return undefined;
  const milliseconds = Date.parse(`${day}T${clock}${offset ?? 'Z'}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

/** `[1,2,3]`, as JSON writes it. */
function listIn(cell: string, of: NumberType, size: number | undefined): Parsed {
  const wanted = `a list of ${size === undefined ? '' : `${size} `}${of} values, such as [1,2]`;
  if (!/^\[.*\]$/s.test(cell)) return err(wanted);
  const inner = cell.slice(1, -1).trim();
  const items = inner === '' ? [] : inner.split(',').map((item) => numberIn(item.trim(), of));
  const values = items.flatMap((item) => (item.ok ? [item.value] : []));
  const fits = values.length === items.length && (size === undefined || size === values.length);
  return fits ? ok(values) : err(wanted);
}
