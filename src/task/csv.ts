/** Writes a table as CSV for people and spreadsheets. */
import { cellText } from './cell-text.ts';
import type { ColumnSchema, TableSchema, WritableColumns } from './table-schema.ts';

/**
 * Encodes by RFC 4180: a header line, CRLF, quotes only if needed. A number has the shortest form that reads back to
 * the same double (in a float32 column: to the double that the Arrow file's value widens to), a null is nothing, an
 * empty text is `""`. A text that a spreadsheet would run as a formula gets an apostrophe before it. Does not check
 * the columns: they must have passed `encodeTable`.
 */
export function encodeCsv<T extends TableSchema>(schema: T, columns: WritableColumns<T>): string {
  const names = Object.keys(schema.columns);
  const lists = names.map((name) => columns[name as keyof typeof columns] as unknown as ArrayLike<unknown>);
  const schemas = names.map((name) => schema.columns[name] as ColumnSchema);
  const lines = [names.map((name) => field(name)).join(',')];
  for (let row = 0; row < (lists[0]?.length ?? 0); row++) {
    lines.push(lists.map((list, i) => cell(list[row] ?? null, schemas[i])).join(','));
  }
  return lines.map((line) => `${line}\r\n`).join('');
}

function cell(value: unknown, schema: ColumnSchema | undefined): string {
  if (value === null || schema === undefined) return '';
  return typeof value === 'string' ? field(value) : plainField(cellText(value, schema));
}

/** A text that is not the user's: quoted only if it has to be. */
const plainField = (text: string): string => (text.includes(',') ? `"${text}"` : text);

function field(text: string): string {
  const safe = isFormula(text) ? `'${text}` : text;
  return /^$|[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A sign alone, or before a number, is not a formula. */
const isFormula = (text: string): boolean =>
  /^[=@\t\r]/.test(text) || (/^[+-]./s.test(text) && !Number.isFinite(Number(text)));
