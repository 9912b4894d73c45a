/** Makes the inputs that a task's `run` gets: paths, and readers of tables. Runs in the worker. */
import { DataError } from '../task/data-error.ts';
import type { TableInput } from '../task/define.ts';
import type { InputPort, TablePort } from '../task/ports.ts';
import { readTable } from '../task/table-file.ts';
import { describeTableProblem } from '../task/table-problem.ts';
import type { Columns, Row, TableSchema } from '../task/table-schema.ts';
import type { JobInput } from './job.ts';

export function inputReader(port: string, declared: InputPort, input: JobInput): unknown {
  if (input === null) return undefined;
  if (declared.kind === 'gathered') {
    if (typeof input === 'string' || 'files' in input) throw new Error(`input ${port} should be a list`);
    return input.map(({ recording, path }) => ({ recording, value: inputReader(port, declared.of, path) }));
  }
  if (typeof input !== 'string') throw new Error(`input ${port} should be one path`);
  return declared.kind === 'table' ? tableReader(port, declared, input) : input;
}

function tableReader<T extends TableSchema>(port: string, { table }: TablePort<T>, path: string): TableInput<T> {
  const columns = async (): Promise<Columns<T>> => {
    const read = await readTable(path, table);
    if (!read.ok) throw new DataError(`input ${port} is not the expected table: ${describeTableProblem(read.error)}`);
    return read.value;
  };
  const row = async (): Promise<Row<T>> => {
    const all = await columns();
    const entries = Object.entries(all) as [string, ArrayLike<unknown>][];
    const rows = entries[0]?.[1].length;
    if (rows !== 1) throw new DataError(`input ${port} should have one row and has ${rows}`);
    return Object.fromEntries(entries.map(([name, values]) => [name, values[0]])) as Row<T>;
  };
  return { path, columns, row };
}
