/** Runs a shell command; it and all that it started end when it ends, when it is told to, and with this process. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { endProcesses, FINISH_MS, tellProcesses, untilAllEnded } from './end-processes.ts';
import { linesOfStream } from './lines.ts';
import { searchPath } from './shell-environment.ts';
import { noteOtherProcesses } from './survivors.ts';

export interface Command {
  /** For bash. */
  readonly script: string;
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  /** The action's folder, by which what it started is known. */
  readonly room: string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it could not even be started. */
  readonly problem: string | null;
  /** Names of processes that were still running when it had ended well. They are ended by now. */
  readonly left: readonly string[];
}

/** How long a command that was told to stop may take to clean up. */
const GRACE_MS = 2000;

/** Linux takes 128 KB for one word of a command. */
const LONGEST_WORD = 100_000;

/** Commands underway. A second Ctrl-C ends this process at once, and must leave none behind. */
const underway = new Map<number, string>();
process.on('exit', () => {
  for (const [group, room] of underway) endProcesses(room, group);
});

/** `onLine` gets what the command prints, on stdout and stderr. Aborting asks it to end, and after a while ends it. */
export async function runCommand(
  command: Command,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<Ended> {
  const never = { exitCode: null, signal: null, left: [] };
  const bash = findBash();
  if (bash === undefined) return { ...never, problem: 'there is no bash on the PATH' };
  noteOtherProcesses();
  const { cwd, env, room } = command;
  // A group of its own, so that its children can be told too.
  const child = spawn(bash, wordsFor(command), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = endOf(child);
  const streams = [child.stdout, child.stderr];
  let isSilent = false;
  const silence = Promise.all(streams.map((stream) => linesOfStream(stream, onLine))).then(() => {
    isSilent = true;
  });
  const group = child.pid;
  if (group === undefined) return { ...(await ended), left: [] };

  underway.set(group, room);
  const forget = stopWhenTold(signal, room, group);
  try {
    const how = await ended;
    // Most often nothing is left, and both streams end at once.
    await Promise.race([silence, wait(20)]);
    const endsWell = how.exitCode === 0 && !signal.aborted;
    const until = Date.now() + (endsWell ? FINISH_MS : GRACE_MS);
    const left = await untilAllEnded(room, until, group, () => isSilent);
    return { ...how, left: endsWell ? left : [] };
  } finally {
    forget();
    endProcesses(room, group);
    // What could not be ended may hold them open for as long as it likes.
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

/** A long command comes from a file: the values of a gathered input may be many. */
function wordsFor({ script, room }: Command): readonly string[] {
  if (Buffer.byteLength(script) < LONGEST_WORD) return ['-c', script];
  const path = join(room, '.command');
  writeFileSync(path, script);
  return [path];
}

/** Returns how to take that back. */
function stopWhenTold(signal: AbortSignal, room: string, group: number): () => void {
  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    tellProcesses('SIGTERM', room, group);
    grace = setTimeout(() => endProcesses(room, group), GRACE_MS);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    clearTimeout(grace);
    signal.removeEventListener('abort', stop);
  };
}

/** Searched for on the PATH of this process: the step may have another one. */
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
