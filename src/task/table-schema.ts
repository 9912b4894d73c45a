/**
 * What a table's columns are: name, Arrow type, unit, nullability and a sentence each. The schema is
 * part of a task's interface, so it enters the key, and units and sentences go into the Arrow file.
 */
import type { ColumnType, NumberArrays, NumberType } from './column-types.ts';

export interface ColumnSchema {
  readonly type: ColumnType;
  /** One sentence for a reader who sees only the file. */
  readonly description: string;
  /** SI symbol or a plain word such as `samples`; left out where there is none. */
  readonly unit?: string;
  /** Whether a value may be missing. */
  readonly nullable?: boolean;
  /** The zone in which to show a `timestamp`, such as `UTC` or `Europe/Paris`. Left out for a local time. */
  readonly zone?: string;
  /** The type of the numbers of a `list`. */
  readonly of?: NumberType;
  /** The count of numbers in each row of a `list`. Left out if rows may differ. */
  readonly size?: number;
}

export interface TableSchema {
  readonly description: string;
  /** Columns in the order in which they are written. */
  readonly columns: { readonly [name: string]: ColumnSchema };
}

interface Stored extends NumberArrays {
  date: Int32Array;
  timestamp: BigInt64Array;
  bool: readonly boolean[];
  utf8: readonly string[];
  binary: readonly Uint8Array[];
  list: readonly NumberArrays[NumberType][];
}

interface Value {
  int8: number;
  int16: number;
  int32: number;
  int64: bigint;
  uint8: number;
  uint16: number;
  uint32: number;
  uint64: bigint;
  float32: number;
  float64: number;
  date: number;
  timestamp: bigint;
  bool: boolean;
  utf8: string;
  binary: Uint8Array;
  list: NumberArrays[NumberType];
}

type ListIn<C> = C extends { readonly type: 'list'; readonly of: infer N extends NumberType } ? NumberArrays[N] : never;

type ValueIn<C extends ColumnSchema> = [ListIn<C>] extends [never] ? Value[C['type']] : ListIn<C>;

type StoredIn<C extends ColumnSchema> = [ListIn<C>] extends [never] ? Stored[C['type']] : readonly ListIn<C>[];

/** One column as read: a typed array, or a list with nulls where the column is nullable. */
type ColumnOf<C extends ColumnSchema> = C extends { readonly nullable: true }
  ? readonly (ValueIn<C> | null)[]
  : StoredIn<C>;

/** One value as read. */
type ValueOf<C extends ColumnSchema> = C extends { readonly nullable: true } ? ValueIn<C> | null : ValueIn<C>;

/** One column as written: its typed array, or a plain list (64-bit integers and timestamps take whole numbers too). */
type WritableOf<C extends ColumnSchema> =
  | StoredIn<C>
  | readonly (
      | ValueIn<C>
      | (C['type'] extends 'int64' | 'uint64' | 'timestamp' ? number : never)
      | (C['type'] extends 'list' ? readonly number[] : never)
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
