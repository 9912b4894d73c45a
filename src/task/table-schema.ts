/**
 * What a table's columns are: name, Arrow type, unit, nullability and a sentence each. The schema is
 * part of a task's interface, so it enters the key, and units and sentences go into the Arrow file.
 */
export type ColumnType = 'int64' | 'int32' | 'uint16' | 'float64' | 'float32' | 'bool' | 'utf8';

export interface ColumnSchema {
  readonly type: ColumnType;
  /** One sentence for a reader who sees only the file. */
  readonly description: string;
  /** SI symbol or a plain word such as `samples`; left out where there is none. */
  readonly unit?: string;
  /** Whether a value may be missing. */
  readonly nullable?: boolean;
}

export interface TableSchema {
  readonly description: string;
  /** Columns in the order in which they are written. */
  readonly columns: { readonly [name: string]: ColumnSchema };
}

interface Stored {
  int64: BigInt64Array;
  int32: Int32Array;
  uint16: Uint16Array;
  float64: Float64Array;
  float32: Float32Array;
  bool: readonly boolean[];
  utf8: readonly string[];
}

interface Value {
  int64: bigint;
  int32: number;
  uint16: number;
  float64: number;
  float32: number;
  bool: boolean;
  utf8: string;
}

/** One column as read: a typed array, or a list with nulls where the column is nullable. */
type ColumnOf<C extends ColumnSchema> = C extends { readonly nullable: true }
  ? readonly (Value[C['type']] | null)[]
  : Stored[C['type']];

/** One value as read. */
type ValueOf<C extends ColumnSchema> = C extends { readonly nullable: true }
  ? Value[C['type']] | null
  : Value[C['type']];

/** One column as written: its typed array, or a plain list (int64 takes whole numbers too). */
type WritableOf<C extends ColumnSchema> =
  | Stored[C['type']]
  | readonly (
      | Value[C['type']]
      | (C['type'] extends 'int64' ? number : never)
      | (C extends { readonly nullable: true } ? null : never)
    )[];

/** A whole table as read, column by column. */
export type Columns<T extends TableSchema> = { readonly [N in keyof T['columns']]: ColumnOf<T['columns'][N]> };

/** One row as read. */
export type Row<T extends TableSchema> = { readonly [N in keyof T['columns']]: ValueOf<T['columns'][N]> };

/** A whole table as written: every column of the schema, all of one length. */
export type WritableColumns<T extends TableSchema> = {
  readonly [N in keyof T['columns']]: WritableOf<T['columns'][N]>;
};
