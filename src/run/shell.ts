/** Performs a shell step through zx: from the pipeline's folder, every value quoted, only PATH, HOME and the step's own environment. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ActionFailure, fileSystemFailure } from '../failure.ts';
import type { Action } from '../pipeline/graph.ts';
import { parseCommand } from '../pipeline/shell-command.ts';
import { err, ok, type Result } from '../result.ts';
import type { Made, MadeOutput } from './job.ts';
import { OutputInvalid } from './output-invalid.ts';
import { outputWriter } from './output-writers.ts';
import type { Ears } from './perform-task.ts';
import { type Located, type PreparedInput, stagedName } from './prepare.ts';

export async function performShell(
  action: Action,
  inputs: { readonly [port: string]: PreparedInput },
  folder: string,
  scratch: string,
  ears: Ears,
): Promise<Result<Made, ActionFailure>> {
  const { task, interface: declared } = action.step;
  if (task.kind !== 'shell') throw new Error(`${action.name} is no shell step`);
  const staged = stage(inputs, join(scratch, 'inputs'));
  const made = join(scratch, 'outputs');
  mkdirSync(made);
  const writers = Object.entries(declared.outputs).map(([port, output]) => ({
    port,
    writer: outputWriter(port, output, made),
  }));
  const pathOf = new Map(writers.map(({ port, writer }) => [port, (writer.handle as { path: string }).path]));

  const { pieces, placeholders } = parseCommand(task.command);
  const values = placeholders.map(({ kind, name }) => {
    if (kind === 'recording') return action.recording ?? '';
    if (kind === 'inputs') return staged[name] ?? '';
    if (kind === 'outputs') return pathOf.get(name) ?? '';
    return String(action.params[name] ?? '');
  });
  const { $ } = await import('zx/core');
  const { PATH = '', HOME = '' } = process.env;
  const run = $({
    cwd: folder,
    env: { PATH, HOME, ...task.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    verbose: false,
    quiet: true,
    nothrow: true,
    signal: ears.signal,
  })(Object.assign([...pieces], { raw: [...pieces] }), ...values);
  const said = [run.stdout, run.stderr].map(async (stream) => {
    for await (const message of createInterface({ input: stream })) ears.log({ level: 'info', message });
  });
  const ended = await run;
  await Promise.all(said);
  if (ended.exitCode !== 0) return err({ reason: 'shell', exitCode: ended.exitCode, signal: ended.signal });

  try {
    const outputs: { [port: string]: MadeOutput | null } = {};
    for (const { port, writer } of writers) {
      const output = writer.finish();
      if (!output) return err({ reason: 'output-missing', port });
      outputs[port] = output;
    }
    return ok({ outputs, headline: null });
  } catch (error) {
    if (error instanceof OutputInvalid)
      return err({ reason: 'output-invalid', port: error.port, message: error.message });
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}

/** Links with the names' own extensions: programs go by them, and blobs have none. */
function stage(inputs: { readonly [port: string]: PreparedInput }, folder: string) {
  const link = (at: Located, name: string): string => {
    mkdirSync(dirname(name), { recursive: true });
    symlinkSync(at.path, name);
    return name;
  };
  const staged: { [port: string]: string | string[] } = {};
  for (const [port, input] of Object.entries(inputs)) {
    if (input === null) continue;
    if ('path' in input) staged[port] = link(input, stagedName(folder, port, input));
    else {
      staged[port] = input.flatMap(({ recording, at }) =>
        at ? [link(at, stagedName(folder, port, at, recording))] : [],
      );
    }
  }
  return staged;
}
