/** A table as CSV for people and spreadsheets. */
import type { ColumnType, TableSchema, WritableColumns } from './table-schema.ts';

/**
 * RFC 4180: a header line, CRLF, quotes where needed. Numbers in the shortest form that reads back to the
 * same double (float32 columns: to the double that the Arrow file's value widens to), a null as nothing,
 * an empty text as `""`. A text that a spreadsheet would run as a formula gets an apostrophe before it. The
 * columns are taken to have passed `encodeTable`.
 */
export function encodeCsv<T extends TableSchema>(schema: T, columns: WritableColumns<T>): string {
  const names = Object.keys(schema.columns);
  const lists = names.map((name) => columns[name as keyof typeof columns] as unknown as ArrayLike<Cell>);
  const types = names.map((name) => (schema.columns[name] as { readonly type: ColumnType }).type);
  const lines = [names.map((name) => field(name)).join(',')];
  for (let row = 0; row < (lists[0]?.length ?? 0); row++) {
    lines.push(lists.map((list, i) => cell(list[row] ?? null, types[i])).join(','));
  }
  return lines.map((line) => `${line}\r\n`).join('');
}

type Cell = number | bigint | boolean | string | null;

function cell(value: Cell, type: ColumnType | undefined): string {
  if (value === null) return '';
  if (typeof value === 'string') return field(value);
  if (typeof value !== 'number') return String(value);
  if (Object.is(value, -0)) return type === 'float32' || type === 'float64' ? '-0' : '0';
  return String(type === 'float32' ? Math.fround(value) : value);
}

function field(text: string): string {
  const shown = isFormula(text) ? `'${text}` : text;
  return /^$|[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/** A sign before a number, or alone, is none. */
const isFormula = (text: string): boolean =>
  /^[=@\t\r]/.test(text) || (/^[+-]./s.test(text) && !Number.isFinite(Number(text)));
