/** Runs a shell step: fills in its command, runs it in bash, and collects the outputs. */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ActionFailure } from '../base/failure.ts';
import { err, type Result } from '../base/result.ts';
import type { Action } from '../pipeline/graph.ts';
import { placementsOf } from '../pipeline/placements.ts';
import { parseCommand } from '../pipeline/shell-command.ts';
import { runCommand } from './command.ts';
import { fillCommand, type Value } from './fill-command.ts';
import type { JobInput, TaskOutputs } from './job.ts';
import { findProjectFile } from './project-file.ts';
import type { ActionHooks } from './run-task.ts';
import type { ScratchFolder } from './scratch-folders.ts';
import { environmentOf } from './shell-environment.ts';
import { collectOutputs, shellOutput } from './shell-outputs.ts';
import type { StagedInputs } from './stage-inputs.ts';

export interface ShellWork {
  readonly action: Action;
  readonly inputs: StagedInputs;
  readonly scratch: ScratchFolder;
  /** The pipeline's folder. */
  readonly folder: string;
  /** Replaces the engine's own environment variables, but not the step's. */
  readonly envOverrides?: { readonly [name: string]: string };
}

export async function runShellFromMainThread(
  work: ShellWork,
  hooks: ActionHooks,
): Promise<Result<TaskOutputs, ActionFailure>> {
  const { action, scratch, folder } = work;
  const { task, interface: declared } = action.step;
  if (task.kind !== 'shell') throw new Error(`${action.name} is no shell step`);
  const outputs = Object.entries(declared.outputs).map(([port, output]) => shellOutput(port, output, scratch.outputs));
  const pathOf = new Map(outputs.map(({ port, path }) => [port, path]));

  const parsed = parseCommand(task.command);
  const values = valuesOf(work, parsed, (port) => pathOf.get(port) ?? '');
  const script = fillCommand(parsed, placementsOf(task.command, parsed.placeholders), values);
  if (!script.ok) return err({ reason: 'data', message: script.error });
  const cwd = task.cwd === 'project' ? folder : scratch.root;
  const env = environmentOf(task, work, work.envOverrides);
  const ended = await runCommand(
    { script: script.value, cwd, env, scratch: scratch.root },
    (message) => hooks.log({ level: 'info', message }),
    hooks.signal,
  );
  if (ended.problem !== null) hooks.log({ level: 'info', message: ended.problem });
  const { exitCode, signal, left } = ended;
  if (exitCode !== 0) {
    const missing = task.cwd === 'room' ? findProjectFile(task.command, folder) : undefined;
    return err({ reason: 'shell', exitCode, signal, ...(missing !== undefined && { inProject: missing }) });
  }
  if (left.length > 0) return err({ reason: 'still-running', processes: left });
  return collectOutputs(outputs);
}

/** Paths are relative to the scratch folder, so that they are the same for every recording, machine and run. */
function valuesOf(
  { action, inputs, scratch }: ShellWork,
  { pieces, placeholders }: ReturnType<typeof parseCommand>,
  outputAt: (port: string) => string,
): readonly Value[] {
  const { task } = action.step;
  const namedPath = (path: string) =>
    task.kind === 'shell' && task.cwd === 'project'
      ? path
      : relative(scratch.root, path) + (path.endsWith('/') ? '/' : '');
  return placeholders.map(({ kind, name, list }, i): Value => {
    if (kind === 'recording') return action.recording ?? '';
    if (kind === 'outputs') return namedPath(outputAt(name));
    if (kind === 'params') return String(action.params[name] ?? '');
    const words = wordsOf(inputs[name] ?? null, namedPath);
    if (list) return namedPath(writeListFile(join(scratch.inputs, `${name}.list`), words));
    // In `{inputs.folder}/file` the command has the slash.
    const isFollowedBySlash = pieces[i + 1]?.startsWith('/') === true;
    return typeof words === 'string' && isFollowedBySlash ? words.replace(/\/$/, '') : words;
  });
}

function writeListFile(path: string, words: Value): string {
  const lines = typeof words === 'string' ? [words] : words;
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** A gathered input and one of several files become several words; an absent optional input becomes an empty word. */
function wordsOf(input: JobInput, namedPath: (path: string) => string): Value {
  if (input === null) return '';
  if (typeof input === 'string') return namedPath(input);
  if ('files' in input) return input.files.map(namedPath);
  return input.flatMap(({ path }) => (path === null ? [] : [namedPath(path)]));
}
