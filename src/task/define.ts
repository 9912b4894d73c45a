/** A task: declared inputs, parameters, outputs, and `run`. */
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Spec } from 'vega';
import type { JsonObject } from '../base/json.ts';
import type { FigurePort, FilePort, FolderPort, GatheredPort, InputPort, OutputPort } from './ports.ts';
import type { Columns, Row, TableSchema, WritableColumns } from './table-schema.ts';

export interface TableInput<T extends TableSchema> {
  readonly path: string;
  /** All columns, as typed arrays. */
  columns(): Promise<Columns<T>>;
  /** The row of a table with a single row; any other number of rows is an error. */
  row(): Promise<Row<T>>;
}

export interface TableOutput<T extends TableSchema> {
  /** Writes the table; call it once. A wrong column is an error that names task, port, column and type. */
  write(columns: WritableColumns<T>): Promise<void>;
}

export interface FileOutput {
  /** Another program may write the file to this path itself, instead of `write`. */
  readonly path: string;
  /** Appends bytes and hashes them at once, so that a big file is never read again. */
  write(bytes: Uint8Array): void;
}

export interface FolderOutput {
  /** An empty folder to fill. */
  readonly path: string;
}

export interface FigureOutput {
  /** Renders a Vega spec to SVG and PNG; call it once. */
  write(spec: Spec): Promise<void>;
}

export interface Log {
  /** Shown if the action fails. */
  (message: string): void;
  /** Shown while the action runs. */
  notice(message: string): void;
  /** Stored with the result and shown again whenever the result is reused. */
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
  /** Reports the fraction that is done, 0 to 1. */
  progress(fraction: number): void;
  /** Aborted on Ctrl-C and timeout. */
  readonly signal: AbortSignal;
}

/** Passed to `run` as well if the task declares `network: true`. */
export interface Network {
  /** The proxies that the caller's environment names; '' means no proxy. `except` lists hosts, as NO_PROXY does. */
  readonly proxies: { readonly http: string; readonly https: string; readonly except: string };
  /**
   * The path of a folder that outlives a failed or killed attempt: the next attempt with the same parameters and
   * inputs finds it, even if the task's code has changed. A file that an output shares with it by a hard link takes no
   * disk space and stays as long as the output; other files stay until `gc`.
   */
  readonly kept: string;
  /** The number of other actions of the same step that this run has yet to start: they will need disk space as well. */
  readonly others: number;
}

/** Deferred by a condition, so that the compiler does not unfold every possible schema while it infers this type. */
type ParamsOf<S> = S extends JSONSchema ? FromSchema<S> : never;

/** A task's interface without its code: enough for the checker, the key and the plan. */
export interface TaskInterface {
  readonly inputs: { readonly [port: string]: InputPort };
  /** A JSON Schema of type `object`. */
  readonly params: JsonObject;
  readonly outputs: { readonly [port: string]: OutputPort };
  /**
   * The task downloads data that its parameters and inputs name, and checks them (by a checksum), so that its outputs
   * are the same whenever it runs. `verify` has no network, so it does not execute the task again.
   */
  readonly network?: boolean;
}

export interface Task extends TaskInterface {
  run(context: RunContext<never, never, never>): Promise<void> | void;
}

/**
 * Declares a task. The types of `inputs`, `params` and `outputs` in `run` follow from the declaration.
 *
 * @throws never; a wrong declaration is reported with the pipeline's other mistakes.
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
