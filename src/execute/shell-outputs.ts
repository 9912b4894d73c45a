/** The outputs of a shell step: the places where its command writes them, and what was written there. */
import { lstatSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActionFailure, fileSystemFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { FileOutput, FolderOutput, TableOutput } from '../task/define.ts';
import type { OutputPort, TablePort } from '../task/ports.ts';
import { describeTableProblem } from '../task/table-problem.ts';
import type { TableSchema, WritableColumns } from '../task/table-schema.ts';
import type { TaskOutput, TaskOutputs } from './job.ts';
import { outputWriter } from './output-writers.ts';
import { OutputInvalid, requirePlain } from './take-output.ts';

export interface ShellOutput {
  readonly port: string;
  readonly declared: OutputPort;
  /** Where the command writes it; a folder is there already, and empty. */
  readonly path: string;
  /** Call it when the command has ended: the output, or null if nothing was written. */
  finish(): Promise<TaskOutput | null>;
}

export function shellOutput(port: string, declared: OutputPort, folder: string): ShellOutput {
  const { handle, finish } = outputWriter(port, declared, folder);
  if (declared.kind !== 'table') {
    const { path } = handle as FileOutput | FolderOutput;
    return { port, declared, path, finish: async () => finish() };
  }
  const path = join(folder, `${port}.${declared.from ?? 'arrow'}`);
  return {
    port,
    declared,
    path,
    async finish() {
      const columns = await columnsAt(path, port, declared);
      if (columns !== null) {
        // The engine's own file takes the place of that of the command.
        for (const written of [path, join(folder, `${port}.arrow`)]) rmSync(written, { recursive: true, force: true });
        await (handle as TableOutput<TableSchema>).write(columns);
      }
      return finish();
    },
  };
}

/** Null if the command wrote nothing. */
async function columnsAt(
  path: string,
  port: string,
  { table, from }: TablePort,
): Promise<WritableColumns<TableSchema> | null> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return null;
  if (found.isDirectory()) throw new OutputInvalid(port, 'it is a folder; write a file');
  requirePlain(port, found, '');
  const bytes = await readFile(path);
  if (from === 'csv') {
    const { decodeCsv } = await import('../task/read-csv.ts');
    const read = decodeCsv(bytes, table);
    if (!read.ok) throw new OutputInvalid(port, read.error);
    return read.value;
  }
  const { decodeTable } = await import('../task/table-file.ts');
  const read = await decodeTable(bytes, table);
  if (!read.ok) throw new OutputInvalid(port, describeTableProblem(read.error));
  return read.value as WritableColumns<TableSchema>;
}

/** Collects the outputs when the command has ended. */
export async function collectOutputs(outputs: readonly ShellOutput[]): Promise<Result<TaskOutputs, ActionFailure>> {
  try {
    const made: { [port: string]: TaskOutput | null } = {};
    for (const { port, declared, finish } of outputs) {
      const output = await finish();
      if (output === null && !('optional' in declared && declared.optional)) {
        return err({ reason: 'output-missing', port, optional: optionalForm(declared) });
      }
      made[port] = output;
    }
    return ok({ outputs: made, headline: null });
  } catch (error) {
    if (error instanceof OutputInvalid)
      return err({ reason: 'output-invalid', port: error.port, message: error.message });
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}

/** The declaration of an output in a pipeline that would make it optional. */
function optionalForm(declared: OutputPort): string {
  if (declared.kind === 'table') return '{ table: ..., optional: true }';
  const form = declared.kind === 'file' ? `file: ${declared.extension}` : `${declared.kind}: true`;
  return `{ ${form}, optional: true }`;
}
