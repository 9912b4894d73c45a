/** A table as it was read, whatever its columns are. */
import type { Columns, TableSchema } from '../task/table-schema.ts';

export interface Table {
  readonly schema: TableSchema;
  readonly columns: Columns<TableSchema>;
}

export type Cell = string | number | bigint | boolean | null | undefined;

export const cellsOf = ({ columns }: Table, name: string): ArrayLike<Cell> =>
  (columns[name] ?? []) as unknown as ArrayLike<Cell>;

export const rowCount = (table: Table): number => cellsOf(table, Object.keys(table.schema.columns)[0] ?? '').length;
