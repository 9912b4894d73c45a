/**
 * A table's schema: for each column its name, Arrow type, unit, nullability and a sentence. It is part of a task's
 * interface, so it enters the key; units and sentences are written to the Arrow file.
 */
export type ColumnType = 'int64' | 'int32' | 'uint16' | 'float64' | 'float32' | 'bool' | 'utf8';

export interface ColumnSchema {
  readonly type: ColumnType;
  /** A sentence for a reader who sees only the file. */
  readonly description: string;
  /** An SI symbol or a plain word such as `samples`; left out if the column has no unit. */
  readonly unit?: string;
  /** Whether a value may be missing. */
  readonly nullable?: boolean;
}

export interface TableSchema {
  readonly description: string;
  /** Columns in the order in which they are written. */
  readonly columns: { readonly [name: string]: ColumnSchema };
}

interface ArrayOf {
  int64: BigInt64Array;
  int32: Int32Array;
  uint16: Uint16Array;
  float64: Float64Array;
  float32: Float32Array;
  bool: readonly boolean[];
  utf8: readonly string[];
}

interface ScalarOf {
  int64: bigint;
  int32: number;
  uint16: number;
  float64: number;
  float32: number;
  bool: boolean;
  utf8: string;
}

/** A column as read: a typed array, or a list with nulls if the column is nullable. */
type ColumnOf<C extends ColumnSchema> = C extends { readonly nullable: true }
  ? readonly (ScalarOf[C['type']] | null)[]
  : ArrayOf[C['type']];

/** A value as read. */
type ValueOf<C extends ColumnSchema> = C extends { readonly nullable: true }
  ? ScalarOf[C['type']] | null
  : ScalarOf[C['type']];

/** A column as written: its typed array, or a plain list (int64 takes whole numbers too). */
type WritableOf<C extends ColumnSchema> =
  | ArrayOf[C['type']]
  | readonly (
      | ScalarOf[C['type']]
      | (C['type'] extends 'int64' ? number : never)
      | (C extends { readonly nullable: true } ? null : never)
    )[];

/** A whole table as read, column by column. */
export type Columns<T extends TableSchema> = { readonly [N in keyof T['columns']]: ColumnOf<T['columns'][N]> };

/** A row as read. */
export type Row<T extends TableSchema> = { readonly [N in keyof T['columns']]: ValueOf<T['columns'][N]> };

/** A whole table as written: every column of the schema, all of the same length. */
export type WritableColumns<T extends TableSchema> = {
  readonly [N in keyof T['columns']]: WritableOf<T['columns'][N]>;
};
