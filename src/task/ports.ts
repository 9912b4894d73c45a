/**
 * Ports: the named inputs and outputs of a task. They are plain data, because they enter the key and are stored with
 * the checked pipeline; the generic parameters exist only for the compiler.
 */
import type { TableSchema } from './table-schema.ts';

export interface FilePort {
  readonly kind: 'file';
  /** File name extension with its dot; inputs leave it out. */
  readonly extension?: string;
  readonly optional?: boolean;
}

export interface FolderPort {
  readonly kind: 'folder';
  readonly optional?: boolean;
}

export interface TablePort<T extends TableSchema = TableSchema> {
  readonly kind: 'table';
  readonly table: T;
  readonly optional?: boolean;
  /** Output: write a CSV beside the Arrow file. */
  readonly csv?: boolean;
  /** Output: the column that terminal, diff and sweep show first. */
  readonly headline?: keyof T['columns'] & string;
  /** Output of a shell step: the form in which the command writes it. Left out: an Arrow file or stream. */
  readonly from?: 'csv';
}

export interface FigurePort {
  readonly kind: 'figure';
}

/** An input that is a list: an entry per recording, in the pipeline's order. */
export interface GatheredPort<P extends FilePort | FolderPort | TablePort = FilePort | FolderPort | TablePort> {
  readonly kind: 'gathered';
  readonly of: P;
}

export type InputPort = FilePort | FolderPort | TablePort | GatheredPort;
export type OutputPort = FilePort | FolderPort | TablePort | FigurePort;

interface Optional {
  readonly optional: true;
}

/** A file. An output needs its extension: `file('.raw')`. */
export function file(): FilePort;
export function file(options: Optional): FilePort & Optional;
export function file(extension: `.${string}`): FilePort & { readonly extension: string };
export function file(extension: `.${string}`, options: Optional): FilePort & Optional & { readonly extension: string };
export function file(first?: string | Optional, second?: Optional): FilePort {
  const extension = typeof first === 'string' ? { extension: first } : {};
  const options = typeof first === 'object' ? first : second;
  return { kind: 'file', ...extension, ...options };
}

/** A folder; its digest is the digest of its sorted pairs of path and digest. */
export function folder(): FolderPort;
export function folder(options: Optional): FolderPort & Optional;
export function folder(options?: Optional): FolderPort {
  return { kind: 'folder', ...options };
}

type TableOptions<T extends TableSchema> = Omit<TablePort<T>, 'kind' | 'table' | 'from'>;

/** An Arrow table of the given schema. */
export function table<const T extends TableSchema, const O extends TableOptions<T> = object>(
  schema: T,
  options?: O,
): TablePort<T> & O {
  return { kind: 'table', table: schema, ...options } as TablePort<T> & O;
}

/** A figure: the task writes a Vega spec, the engine stores an `.svg` and, beside it, a `.png`. */
export function figure(): FigurePort {
  return { kind: 'figure' };
}

/** An input that gathers an entry per recording from a step that runs for each recording. */
export function gathered<const P extends FilePort | FolderPort | TablePort>(of: P): GatheredPort<P> {
  return { kind: 'gathered', of };
}
