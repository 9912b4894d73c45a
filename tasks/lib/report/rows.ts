import type { Columns, Row, TableSchema } from 'groundproof/task';

/** Turns a table's columns into rows. */
export function rowsOf<T extends TableSchema>(columns: Columns<T>): readonly Row<T>[] {
  const entries = Object.entries(columns) as unknown as readonly (readonly [string, ArrayLike<unknown>])[];
  const length = entries[0]?.[1].length ?? 0;
  return Array.from(
    { length },
    (_, row) => Object.fromEntries(entries.map(([name, values]) => [name, values[row]])) as Row<T>,
  );
}
