import type { Headline } from '../store/result.ts';
import { readableColumns } from '../task/cell-text.ts';
import type { TableSchema, WritableColumns } from '../task/table-schema.ts';

/** More rows than anyone reads on a terminal. */
const MOST_ROWS = 200;

/** Returns the first rows of a headline table as text; the whole table is in its Arrow file. */
export function headlineOf(
  port: string,
  column: string,
  schema: TableSchema,
  columns: WritableColumns<TableSchema>,
): Headline {
  const names = Object.keys(schema.columns);
  const length = Math.min(MOST_ROWS, columns[column]?.length ?? 0);
  const readable = readableColumns(schema, columns);
  const rows = Array.from({ length }, (_, row) => names.map((name) => textOf(readable[name]?.[row])));
  return { port, column, columns: names, rows };
}

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
