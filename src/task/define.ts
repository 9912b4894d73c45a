/** What a task is: declared inputs, parameters, outputs, and `run`. */
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Spec } from 'vega';
import type { JsonObject } from '../base/json.ts';
import type { FigurePort, FilePort, FolderPort, GatheredPort, InputPort, OutputPort } from './ports.ts';
import type { Columns, Row, TableSchema, WritableColumns } from './table-schema.ts';

export interface TableInput<T extends TableSchema> {
  readonly path: string;
  /** All columns, as typed arrays. */
  columns(): Promise<Columns<T>>;
  /** The only row of a one-row table; any other number of rows is an error. */
  row(): Promise<Row<T>>;
}

export interface TableOutput<T extends TableSchema> {
  /** Writes the table, once. A wrong column is an error that names task, port, column and type. */
  write(columns: WritableColumns<T>): Promise<void>;
}

export interface FileOutput {
  /** Where another program may write the file itself, instead of `write`. */
  readonly path: string;
  /** Appends bytes; they are hashed on the way, so a big file is never read again. */
  write(bytes: Uint8Array): void;
}

export interface FolderOutput {
  /** An empty folder to fill. */
  readonly path: string;
}

export interface FigureOutput {
  /** Renders a Vega spec, once, to SVG and PNG. */
  write(spec: Spec): Promise<void>;
}

export interface Log {
  /** Shown where the action fails. */
  (message: string): void;
  /** Shown while it runs, to whoever watches. */
  notice(message: string): void;
  /** Kept with the result and shown again whenever it is reused. */
  warn(message: string): void;
}

type Read<P> =
  P extends GatheredPort<infer Q>
    ? readonly { readonly recording: string; readonly value: Read<Q> }[]
    : P extends { readonly optional: true }
      ? Read<Omit<P, 'optional'>> | undefined
      : P extends { readonly kind: 'table'; readonly table: infer T extends TableSchema }
        ? TableInput<T>
        : P extends { readonly kind: 'file' | 'folder' }
          ? string
          : never;

type Written<P> = P extends { readonly kind: 'table'; readonly table: infer T extends TableSchema }
  ? TableOutput<T>
  : P extends FilePort
    ? FileOutput
    : P extends FolderPort
      ? FolderOutput
      : P extends FigurePort
        ? FigureOutput
        : never;

export interface RunContext<I, P, O> {
  /** Files and folders as paths, tables as readers. */
  readonly inputs: { readonly [N in keyof I]: Read<I[N]> };
  readonly params: P;
  readonly outputs: { readonly [N in keyof O]: Written<O[N]> };
  readonly log: Log;
  /** Says how much is done, 0 to 1. */
  progress(fraction: number): void;
  /** Aborted on Ctrl-C and timeout. */
  readonly signal: AbortSignal;
}

/** What a task is handed besides if it declares `network: true`. */
export interface Network {
  /** The proxies that the caller's environment names; '' for none. `except` lists hosts, as NO_PROXY does. */
  readonly proxies: { readonly http: string; readonly https: string; readonly except: string };
  /**
   * A folder that outlives a failed or killed attempt: the next one with the same parameters and inputs finds it, also
   * when the task's code is another one. What an output shares with it by a hard link takes no room, and stays as long
   * as the output does; the rest stays until gc.
   */
  readonly kept: string;
  /** How many other actions of the same step this run has yet to begin: they will want room as well. */
  readonly others: number;
}

/** Deferred, so that the compiler does not unfold every possible schema while it infers this one. */
type ParamsOf<S> = S extends JSONSchema ? FromSchema<S> : never;

/** A task's interface without its code: what the checker, the key and the plan need. */
export interface TaskInterface {
  readonly inputs: { readonly [port: string]: InputPort };
  /** A JSON Schema of type `object`. */
  readonly params: JsonObject;
  readonly outputs: { readonly [port: string]: OutputPort };
  /**
   * It fetches what its parameters and inputs name, and checks what it got (by a checksum), so that its outputs are
   * the same whenever it runs. `verify` has no network: it does not execute the task again.
   */
  readonly network?: boolean;
}

export interface Task extends TaskInterface {
  run(context: RunContext<never, never, never>): Promise<void> | void;
}

/**
 * Declares a task. The types of `inputs`, `params` and `outputs` in `run` follow from the declaration.
 *
 * @throws never; a declaration that is wrong is reported with the pipeline's other mistakes.
 */
export function defineTask<
  const I extends { readonly [port: string]: InputPort },
  const S extends { readonly type: 'object' },
  const O extends { readonly [port: string]: OutputPort },
  const N extends boolean = false,
>(task: {
  readonly inputs: I;
  readonly params: S;
  readonly outputs: O;
  readonly network?: N;
  run(context: RunContext<I, ParamsOf<S>, O> & (N extends true ? { network: Network } : unknown)): Promise<void> | void;
}): Task {
  return task as unknown as Task;
}
