/** Executes an action in a fresh process, with inputs from the store, in a scratch folder of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { INTERRUPTED, jobOf, type TaskOutputs } from '../execute/job.ts';
import { linesOfStream } from '../execute/lines.ts';
import type { ActionHooks } from '../execute/run-task.ts';
import { makeScratchFolder } from '../execute/scratch-folders.ts';
import { stageInputs } from '../execute/stage-inputs.ts';
import { whenTimeIsUp } from '../execute/time-limit.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Step } from '../pipeline/pipeline.ts';
import type { Prepared, PreparedInput } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import { OTHER_ENV, OTHER_SHELL_ENV } from './conditions.ts';
import { codeReads, permissionFlags } from './sandbox.ts';
import type { Answer, Work } from './work.ts';

const WORKER = fileURLToPath(new URL('./verify-worker.js', import.meta.url));

/** Time for a process to end its commands after SIGTERM, before SIGKILL. */
const GRACE_MS = 4000;

export interface Surroundings {
  /** Paths that every process may read. */
  readonly engine: readonly string[];
  /** The words before a command that take the network away; empty if the system does not allow that. */
  readonly network: readonly string[];
}

export interface Again {
  readonly action: Action;
  readonly prepared: Prepared;
  /** The folder for inputs and outputs, which must not exist yet. The outputs stay there. */
  readonly scratch: string;
}

type Hooks = Pick<ActionHooks, 'log' | 'signal'>;

export async function executeAgain(
  { action, prepared, scratch }: Again,
  { loaded, store }: Session,
  { engine, network }: Surroundings,
  hooks: Hooks,
): Promise<Result<TaskOutputs, ActionFailure>> {
  const { step } = action;
  const folders = makeScratchFolder(scratch);
  const { outputs, temporary } = folders;
  const cwd = join(scratch, 'cwd');
  mkdirSync(cwd);
  const inputs = stageInputs(prepared.inputs, folders.inputs);
  const { PATH = '', HOME = '' } = process.env;
  if (step.task.kind === 'shell') {
    const work: Work = {
      kind: 'shell',
      shell: { action, inputs, scratch: folders, folder: loaded.folder, envOverrides: OTHER_SHELL_ENV },
    };
    return inFreshProcess(work, { command: [...network, process.execPath], env: { PATH, HOME }, cwd }, step, hooks);
  }
  const job = jobOf({ action, inputs, scratch: folders }, { loaded, store });
  const code = loaded.code[step.task.uses];
  const reads = [...engine, ...(code ? codeReads(code) : []), job.code.path, scratch, ...pathsOf(prepared.inputs)];
  const starred = reads.find((path) => path.includes('*'));
  if (starred !== undefined) {
    const message = `Node's permission model takes the * in ${starred} for any name; verify it under another path`;
    return err({ reason: 'data', message });
  }
  const addons = Object.values(step.interface.outputs).some(({ kind }) => kind === 'figure');
  const flags = permissionFlags({ reads, writes: [outputs, temporary], addons });
  const env = { PATH, HOME: temporary, TMPDIR: temporary, ...OTHER_ENV };
  const command = [...network, process.execPath, '--no-warnings', ...flags];
  return inFreshProcess({ kind: 'module', job }, { command, env, cwd }, step, hooks);
}

const pathsOf = (inputs: { readonly [port: string]: PreparedInput }): string[] =>
  Object.values(inputs).flatMap((input) => {
    if (input === null) return [];
    if ('files' in input) return input.files.map(({ path }) => path);
    return 'path' in input ? [input.path] : input.flatMap(({ at }) => at?.path ?? []);
  });

interface Process {
  readonly command: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly cwd: string;
}

function inFreshProcess(
  work: Work,
  { command, env, cwd }: Process,
  step: Step,
  { log, signal }: Hooks,
): Promise<Result<TaskOutputs, ActionFailure>> {
  const [program = process.execPath, ...words] = command;
  const child = spawn(program, [...words, WORKER], { cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) void linesOfStream(stream, (message) => log({ level: 'info', message }));
  }
  return new Promise((resolve) => {
    let answer: Result<TaskOutputs, ActionFailure> | undefined;
    let grace: NodeJS.Timeout | undefined;
    const stop = (failure: ActionFailure) => {
      answer ??= err(failure);
      child.kill('SIGTERM');
      grace ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    };
    const interrupt = () => stop(INTERRUPTED);
    const stopTimer = whenTimeIsUp(step, stop);
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
    child.on('message', (message: Answer) => {
      if (message.type === 'log') log({ level: message.level, message: message.message });
      else answer ??= message.type === 'made' ? ok(message.made) : err(message.failure);
    });
    child.on('error', (error) => {
      answer ??= err({ reason: 'worker-died', message: `it could not be started: ${error.message}` });
    });
    // `close` comes after the end of the streams, so the log is complete.
    child.on('close', (code, killedBy) => {
      clearTimeout(grace);
      stopTimer();
      signal.removeEventListener('abort', interrupt);
      const message =
        killedBy === null ? `it ended its process with code ${code}` : `its process was ended by ${killedBy}`;
      resolve(answer ?? err({ reason: 'worker-died', message }));
    });
    child.send(work, () => {});
  });
}
