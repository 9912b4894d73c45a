/** Reads a table from a CSV that any program wrote: cells are parsed by the types of the declared columns. */
import { CsvError, parse } from 'csv-parse/sync';
import { err, ok, type Result } from '../base/result.ts';
import { parseCell } from './parse-cell.ts';
import type { ColumnSchema, TableSchema, WritableColumns } from './table-schema.ts';

/** A cell of a text column is null only if it is empty without quotes: `""` is an empty text. */
type Cell = string | null;

/**
 * Reads the columns of `schema`; others are left out, and the order does not matter. The error is a sentence that names
 * the row (from 1, without the header) and the column.
 */
export function decodeCsv<T extends TableSchema>(bytes: Uint8Array, schema: T): Result<WritableColumns<T>, string> {
  const records = recordsIn(bytes);
  if (!records.ok) return records;
  const [header, ...rows] = records.value;
  if (header === undefined) return err('its CSV is empty; the first line holds the names of the columns');
  const columns: { [name: string]: unknown } = {};
  for (const [name, column] of Object.entries(schema.columns)) {
    const at = header.indexOf(name);
    if (at === -1) {
      const names = header.map((cell) => cell ?? '""').join(', ');
      return err(`column '${name}' is missing in its CSV, whose first line holds ${names}`);
    }
    if (header.includes(name, at + 1)) return err(`its CSV has two columns '${name}'`);
    const values = valuesOf(name, column, rows, at);
    if (!values.ok) return values;
    columns[name] = values.value;
  }
  return ok(columns as WritableColumns<T>);
}

function recordsIn(bytes: Uint8Array): Result<readonly (readonly Cell[])[], string> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return ok(parse(text, { cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell) }));
  } catch (error) {
    if (error instanceof CsvError) return err(`its CSV cannot be read: ${error.message}`);
    if (error instanceof TypeError) return err('its CSV is not text in UTF-8');
    throw error;
  }
}

function valuesOf(
  name: string,
  column: ColumnSchema,
  rows: readonly (readonly Cell[])[],
  at: number,
): Result<readonly unknown[], string> {
  const values: unknown[] = [];
  for (const [row, cells] of rows.entries()) {
    const cell = cells[at] ?? null;
    const place = `row ${row + 1} of its CSV, column '${name}'`;
    if (cell === null) {
      if (column.nullable !== true) return err(`${place}: the cell is empty, but the column is not nullable`);
      values.push(null);
      continue;
    }
    const value = parseCell(cell, column);
    if (!value.ok) return err(`${place}: ${JSON.stringify(cell)} is not ${value.error}`);
    values.push(value.value);
  }
  return ok(values);
}
