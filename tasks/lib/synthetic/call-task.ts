/** Calls a task as the engine does, but with tables in memory and without a store: fast enough for thousands of recordings. */
import type { TableSchema } from 'groundproof/task';

/** Columns of a table by name. */
export interface MemoryTable {
  readonly [column: string]: ArrayLike<unknown>;
}

/** The parts of a task, of any ports, that `callTask` needs. */
interface CallableTask {
  readonly outputs: { readonly [port: string]: { readonly kind: string; readonly table?: TableSchema } };
  readonly params: { readonly properties?: { readonly [name: string]: unknown } };
  readonly run: unknown;
}

/** The inputs of a call: files by their paths, tables by their columns; undefined for an empty optional port. */
export interface TaskCall {
  readonly inputs: { readonly [port: string]: string | MemoryTable | undefined };
  readonly params?: { readonly [name: string]: unknown };
}

/** Returns the tables that the task writes; drops its files and figures. */
export async function callTask(
  task: CallableTask,
  { inputs, params = {} }: TaskCall,
): Promise<Record<string, MemoryTable>> {
  const tables: Record<string, MemoryTable> = {};
  const outputs = Object.entries(task.outputs).map(([name, { kind }]) => {
    const write = async (content: unknown) => {
      if (kind === 'table') tables[name] = content as MemoryTable;
    };
    return [name, { write }] as const;
  });
  const run = task.run as (context: unknown) => Promise<void>;
  await run({
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, inputOf(value)])),
    params: { ...defaultsOf(task), ...params },
    outputs: Object.fromEntries(outputs),
    log: Object.assign(() => undefined, { notice: () => undefined, warn: () => undefined }),
    progress: () => undefined,
    signal: new AbortController().signal,
  });
  return tables;
}

function inputOf(value: string | MemoryTable | undefined): unknown {
  if (value === undefined || typeof value === 'string') return value;
  const row = Object.fromEntries(Object.entries(value).map(([name, column]) => [name, column[0]]));
  return { columns: async () => value, row: async () => row };
}

function defaultsOf({ params }: CallableTask): { [name: string]: unknown } {
  return Object.fromEntries(
    Object.entries(params.properties ?? {}).flatMap(([name, property]) =>
      property !== null && typeof property === 'object' && 'default' in property ? [[name, property.default]] : [],
    ),
  );
}
