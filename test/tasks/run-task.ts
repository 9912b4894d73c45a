/** Runs a task without the engine; outputs go to a temporary folder of the test file. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Columns, RunContext, TableSchema, Task, WritableColumns } from 'groundproof/task';
import type { Spec } from 'vega';
import type { JsonObject } from '../../src/base/json.ts';
import type { Result } from '../../src/base/result.ts';
import type { InputPort, OutputPort } from '../../src/task/ports.ts';
import { readTable, writeTable } from '../../src/task/table-file.ts';
import { describeTableProblem, type TableProblem } from '../../src/task/table-problem.ts';
import { temporaryFolder } from './temporary-folder.ts';

export { temporaryFolder };

/** A path, columns of a table (written to a file first), or, for a gathered port, a list of these. */
export type TaskInput =
  | string
  | undefined
  | { readonly [column: string]: ArrayLike<unknown> }
  | readonly {
      readonly recording: string;
      readonly value: string | { readonly [column: string]: ArrayLike<unknown> };
    }[];

export interface TaskRun {
  /** The file or folder of an output; an optional file may not exist. */
  path(port: string): string;
  exists(port: string): boolean;
  bytes(port: string): Buffer;
  text(port: string): string;
  table<T extends TableSchema>(port: string, schema: T): Promise<Columns<T>>;
  readonly figures: { readonly [port: string]: Spec };
  readonly messages: readonly string[];
  readonly warnings: readonly string[];
  readonly progress: readonly number[];
}

/**
 * Runs a task with its parameters' defaults filled in.
 *
 * @throws the task's errors; an `Error` if parameters are invalid or an output was not written.
 */
export async function runTask(
  task: Task,
  given: {
    inputs: { readonly [port: string]: TaskInput };
    params?: JsonObject;
    signal?: AbortSignal;
    /** Folder with files that an earlier attempt kept. */
    kept?: string;
    /** Number of other actions of the step that the run has not started. */
    others?: number;
  },
): Promise<TaskRun> {
  const folder = temporaryFolder();
  const figures: Record<string, Spec> = {};
  const messages: string[] = [];
  const warnings: string[] = [];
  const progress: number[] = [];
  const path = (name: string): string => join(folder, name + extensionOf(task.outputs[name]));

  const log = Object.assign((message: string) => void messages.push(message), {
    notice: (message: string) => void messages.push(message),
    warn: (message: string) => void warnings.push(message),
  });
  await task.run({
    inputs: await mapValues(task.inputs, (port, name) => input(port, given.inputs[name], join(folder, `in-${name}`))),
    params: withDefaults(task.params, given.params ?? {}),
    outputs: await mapValues(task.outputs, (port, name) => output(port, name, path(name), figures)),
    log,
    progress: (fraction: number) => void progress.push(fraction),
    signal: given.signal ?? new AbortController().signal,
    ...(task.network && {
      network: { proxies: NO_PROXIES, kept: given.kept ?? temporaryFolder(), others: given.others ?? 0 },
    }),
  } as unknown as RunContext<never, never, never>);

  for (const [name, port] of Object.entries(task.outputs)) {
    const written = port.kind === 'figure' ? name in figures : existsSync(path(name));
    if (!written && !('optional' in port && port.optional)) throw new Error(`output '${name}' was not written`);
  }
  const table: TaskRun['table'] = async (port, schema) => unwrap(await readTable(path(port), schema));
  const bytes = (port: string) => readFileSync(path(port));
  const text = (port: string) => bytes(port).toString('utf8');
  const exists = (port: string) => existsSync(path(port));
  return { path, exists, bytes, text, table, figures, messages, warnings, progress };
}

const NO_PROXIES = { http: '', https: '', except: '' };

/** Shared by all tests, because compiling schemas takes longer than most tasks. */
const ajv = new Ajv2020({ useDefaults: true, allErrors: true, strict: false });

function withDefaults(schema: JsonObject, params: JsonObject): JsonObject {
  const filled = structuredClone(params) as JsonObject;
  if (!ajv.validate(schema, filled)) throw new Error(`invalid parameters: ${ajv.errorsText()}`);
  return filled;
}

async function input(port: InputPort, value: TaskInput, path: string): Promise<unknown> {
  if (value === undefined) return undefined;
  if (port.kind === 'gathered') {
    if (!Array.isArray(value)) throw new Error('a gathered input takes a list');
    const entries = value as Extract<TaskInput, readonly unknown[]>;
    return Promise.all(
      entries.map(async (entry, index) => ({
        recording: entry.recording,
        value: await input(port.of, entry.value, `${path}-${index}`),
      })),
    );
  }
  if (port.kind !== 'table') return value;
  const { table } = port;
  const file = typeof value === 'string' ? value : `${path}.arrow`;
  if (typeof value !== 'string') {
    unwrap(await writeTable(file, table, value as unknown as WritableColumns<TableSchema>));
  }
  const columns = async () => unwrap(await readTable(file, table));
  return {
    path: file,
    columns,
    row: async () => {
      const read = (await columns()) as { readonly [name: string]: ArrayLike<unknown> };
      for (const [name, column] of Object.entries(read)) {
        if (column.length !== 1) throw new Error(`expected one row, found ${column.length} in '${name}'`);
      }
      return Object.fromEntries(Object.entries(read).map(([name, column]) => [name, column[0]]));
    },
  };
}

function output(port: OutputPort, name: string, path: string, figures: Record<string, Spec>): unknown {
  switch (port.kind) {
    case 'table':
      return {
        write: async (columns: WritableColumns<TableSchema>) => unwrap(await writeTable(path, port.table, columns)),
      };
    case 'file':
      return { path, write: (bytes: Uint8Array) => appendFileSync(path, bytes) };
    case 'folder':
      mkdirSync(path);
      return { path };
    case 'figure':
      return {
        write: async (spec: Spec) => {
          figures[name] = spec;
        },
      };
  }
}

function unwrap<T>(result: Result<T, TableProblem>): T {
  if (!result.ok) throw new Error(describeTableProblem(result.error));
  return result.value;
}

function extensionOf(port: OutputPort | undefined): string {
  if (port?.kind === 'table') return '.arrow';
  return port?.kind === 'file' ? (port.extension ?? '') : '';
}

async function mapValues<V, W>(
  record: { readonly [name: string]: V },
  map: (value: V, name: string) => W | Promise<W>,
): Promise<{ [name: string]: W }> {
  const entries = Object.entries(record).map(async ([name, value]) => [name, await map(value, name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
