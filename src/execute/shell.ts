/** Performs a shell step: fills in its command, runs it in the action's room, and takes what it made. */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type ActionFailure, fileSystemFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Action } from '../pipeline/graph.ts';
import { placementsOf } from '../pipeline/placements.ts';
import { parseCommand } from '../pipeline/shell-command.ts';
import { runCommand } from './command.ts';
import { fillCommand, type Value } from './fill-command.ts';
import type { JobInput, Made, MadeOutput } from './job.ts';
import { outputWriter } from './output-writers.ts';
import { inProject } from './project-words.ts';
import type { Ears } from './run-task.ts';
import type { Room } from './scratch-folders.ts';
import { environmentOf } from './shell-environment.ts';
import type { StagedInputs } from './stage-inputs.ts';
import { OutputInvalid } from './take-output.ts';

export interface ShellWork {
  readonly action: Action;
  readonly inputs: StagedInputs;
  readonly room: Room;
  /** The pipeline's folder. */
  readonly folder: string;
  /** What replaces the engine's own variables, but not the step's. */
  readonly around?: { readonly [name: string]: string };
}

export async function performShell(work: ShellWork, ears: Ears): Promise<Result<Made, ActionFailure>> {
  const { action, room, folder } = work;
  const { task, interface: declared } = action.step;
  if (task.kind !== 'shell') throw new Error(`${action.name} is no shell step`);
  const writers = Object.entries(declared.outputs).map(([port, output]) => ({
    port,
    writer: outputWriter(port, output, room.outputs),
  }));
  const pathOf = new Map(writers.map(({ port, writer }) => [port, (writer.handle as { path: string }).path]));

  const parsed = parseCommand(task.command);
  const values = valuesOf(work, parsed, (port) => pathOf.get(port) ?? '');
  const script = fillCommand(parsed, placementsOf(task.command, parsed.placeholders), values);
  if (!script.ok) return err({ reason: 'data', message: script.error });
  const cwd = task.cwd === 'project' ? folder : room.root;
  const env = environmentOf(task, room, work.around);
  const ended = await runCommand(
    { script: script.value, cwd, env, room: room.root },
    (message) => ears.log({ level: 'info', message }),
    ears.signal,
  );
  if (ended.problem !== null) ears.log({ level: 'info', message: ended.problem });
  const { exitCode, signal, left } = ended;
  if (exitCode !== 0) {
    const missing = task.cwd === 'room' ? inProject(task.command, folder) : undefined;
    return err({ reason: 'shell', exitCode, signal, ...(missing !== undefined && { inProject: missing }) });
  }
  if (left.length > 0) return err({ reason: 'still-running', processes: left });
  return finish(writers);
}

/** In the room a path is relative: it is the same for every recording, on every machine, in every run. */
function valuesOf(
  { action, inputs, room }: ShellWork,
  { pieces, placeholders }: ReturnType<typeof parseCommand>,
  outputAt: (port: string) => string,
): readonly Value[] {
  const { task } = action.step;
  const shown = (path: string) =>
    task.kind === 'shell' && task.cwd === 'project'
      ? path
      : relative(room.root, path) + (path.endsWith('/') ? '/' : '');
  return placeholders.map(({ kind, name, list }, i): Value => {
    if (kind === 'recording') return action.recording ?? '';
    if (kind === 'outputs') return shown(outputAt(name));
    if (kind === 'params') return String(action.params[name] ?? '');
    const words = wordsOf(inputs[name] ?? null, shown);
    if (list) return shown(listFile(join(room.inputs, `${name}.list`), words));
    // `{inputs.folder}/file`: the slash is there already.
    const within = pieces[i + 1]?.startsWith('/') === true;
    return typeof words === 'string' && within ? words.replace(/\/$/, '') : words;
  });
}

function listFile(path: string, words: Value): string {
  const lines = typeof words === 'string' ? [words] : words;
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** A gathered input is several words; an optional one that is absent is an empty one. */
function wordsOf(input: JobInput, shown: (path: string) => string): Value {
  if (input === null) return '';
  if (typeof input === 'string') return shown(input);
  return input.flatMap(({ path }) => (path === null ? [] : [shown(path)]));
}

function finish(
  writers: readonly { readonly port: string; readonly writer: ReturnType<typeof outputWriter> }[],
): Result<Made, ActionFailure> {
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
