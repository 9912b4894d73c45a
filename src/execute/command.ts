/**
 * Runs a shell command. Its processes end with it: when the command ends, when `signal` aborts, and when this process
 * exits.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { endProcesses, FINISH_MS, tellProcesses, untilAllEnded } from './end-processes.ts';
import { linesOfStream } from './lines.ts';
import { searchPath } from './shell-environment.ts';
import { noteOtherProcesses } from './survivors.ts';

export interface BashCommand {
  readonly script: string;
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  /** The action's scratch folder, by which its processes are recognized. */
  readonly scratch: string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it could not be started. */
  readonly problem: string | null;
  /** Names of processes that still ran after the command had succeeded. They are ended by now. */
  readonly left: readonly string[];
}

/** How long a command that was told to stop may clean up. */
const GRACE_MS = 2000;

/** Linux allows 128 KB for a single argument of a command. */
const LONGEST_WORD = 100_000;

/** Scratch folders of the running commands, by process group. A second Ctrl-C exits at once, and must end them too. */
const underway = new Map<number, string>();
process.on('exit', () => {
  for (const [group, scratch] of underway) endProcesses(scratch, group);
});

/** `onLine` gets each line of stdout and stderr. Aborting asks the command to end, and kills it `GRACE_MS` later. */
export async function runCommand(
  command: BashCommand,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<Ended> {
  const bash = findBash();
  if (bash === undefined) return { exitCode: null, signal: null, problem: 'there is no bash on the PATH', left: [] };
  noteOtherProcesses();
  const { cwd, env, scratch } = command;
  // `detached` makes a process group, so that signals reach the children too.
  const child = spawn(bash, argumentsFor(command), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = endOf(child);
  const streams = [child.stdout, child.stderr];
  let isSilent = false;
  const silence = Promise.all(streams.map((stream) => linesOfStream(stream, onLine))).then(() => {
    isSilent = true;
  });
  const group = child.pid;
  if (group === undefined) return { ...(await ended), left: [] };

  underway.set(group, scratch);
  const forget = stopOnAbort(signal, scratch, group);
  try {
    const end = await ended;
    // Usually no process is left, and both streams end at once.
    await Promise.race([silence, wait(20)]);
    const endsWell = end.exitCode === 0 && !signal.aborted;
    const until = Date.now() + (endsWell ? FINISH_MS : GRACE_MS);
    const left = await untilAllEnded(scratch, { until, group, isSilent: () => isSilent });
    return { ...end, left: endsWell ? left : [] };
  } finally {
    forget();
    endProcesses(scratch, group);
    // A process that could not be killed may hold the streams open for ever.
    await Promise.race([silence, wait(100)]);
    for (const stream of streams) stream.destroy();
    underway.delete(group);
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function endOf(child: Child): Promise<Omit<Ended, 'left'>> {
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ exitCode: null, signal: null, problem: message }));
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal, problem: null }));
  });
}

/** Puts a long script into a file: a gathered input may have many values. */
function argumentsFor({ script, scratch }: BashCommand): readonly string[] {
  if (Buffer.byteLength(script) < LONGEST_WORD) return ['-c', script];
  const path = join(scratch, '.command');
  writeFileSync(path, script);
  return [path];
}

/** Ends the command when `signal` aborts. Returns a function that takes this back. */
function stopOnAbort(signal: AbortSignal, scratch: string, group: number): () => void {
  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    tellProcesses('SIGTERM', scratch, group);
    grace = setTimeout(() => endProcesses(scratch, group), GRACE_MS);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    clearTimeout(grace);
    signal.removeEventListener('abort', stop);
  };
}

/** Searches the PATH of this process: the step may set another PATH. */
function findBash(): string | undefined {
  return searchPath()
    .split(':')
    .map((folder) => join(folder, 'bash'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
