/** Performs a shell step: from the pipeline's folder, every value quoted, only PATH, HOME and the step's own environment. */
import { type ActionFailure, fileSystemFailure } from '../failure.ts';
import type { Action } from '../pipeline/graph.ts';
import { parseCommand } from '../pipeline/shell-command.ts';
import { err, ok, type Result } from '../result.ts';
import { runCommand } from './command.ts';
import type { JobInput, Made, MadeOutput } from './job.ts';
import { OutputInvalid } from './output-invalid.ts';
import { outputWriter } from './output-writers.ts';
import type { Ears } from './perform-task.ts';
import type { StagedInputs } from './stage-inputs.ts';

export async function performShell(
  action: Action,
  inputs: StagedInputs,
  folder: string,
  scratch: string,
  ears: Ears,
  /** What the step's own environment stands on, besides PATH and HOME. */
  around: { readonly [name: string]: string } = {},
): Promise<Result<Made, ActionFailure>> {
  const { task, interface: declared } = action.step;
  if (task.kind !== 'shell') throw new Error(`${action.name} is no shell step`);
  const writers = Object.entries(declared.outputs).map(([port, output]) => ({
    port,
    writer: outputWriter(port, output, scratch),
  }));
  const pathOf = new Map(writers.map(({ port, writer }) => [port, (writer.handle as { path: string }).path]));

  const { pieces, placeholders } = parseCommand(task.command);
  const values = placeholders.map(({ kind, name }) => {
    if (kind === 'recording') return action.recording ?? '';
    if (kind === 'inputs') return words(inputs[name] ?? null);
    if (kind === 'outputs') return pathOf.get(name) ?? '';
    return String(action.params[name] ?? '');
  });
  const { PATH = '', HOME = '' } = process.env;
  const ended = await runCommand(
    { pieces, values, cwd: folder, env: { PATH, HOME, ...around, ...task.env } },
    (message) => ears.log({ level: 'info', message }),
    ears.signal,
  );
  if (ended.problem !== null) ears.log({ level: 'info', message: problemText(ended.problem) });
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

/** Linux takes 128 KB for a word. */
const problemText = (problem: string): string =>
  problem.includes('E2BIG')
    ? 'with its values the command is too long for the system; put a large value or a long list into a file, and make that an input'
    : problem;

/** A gathered input is several words; an optional one that is absent is an empty one. */
function words(input: JobInput): string | string[] {
  if (input === null) return '';
  return typeof input === 'string' ? input : input.flatMap(({ path }) => path ?? []);
}
