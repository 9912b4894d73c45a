/** Times a program as the operating system counts. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Times {
  /** Milliseconds from start to end. */
  readonly wall: number;
  /** Milliseconds of processor time, including child processes. */
  readonly cpu: number;
}

export interface TimedOptions {
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
  /** The file for its stderr. */
  readonly stderr?: string;
}

/** Uses bash's `time`: Node cannot tell the processor time of a child that has ended. Forks only the program. */
const SCRIPT = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>"$0"';

/** Runs a program and drops its output. Throws if it fails, with the end of its stderr. */
export function timed(
  file: string,
  args: readonly string[],
  { cwd, env = {}, stderr = join(cwd, '.stderr') }: TimedOptions,
): Times {
  const ran = spawnSync('bash', ['-c', SCRIPT, stderr, file, ...args], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (ran.status !== 0) {
    const error = readFileSync(stderr, 'utf8').slice(-2000);
    throw new Error(`${[file, ...args].join(' ')} in ${cwd} ended with ${ran.status ?? ran.signal}:\n${error}`);
  }
  const [wall = 0, user = 0, system = 0] = ran.stderr.trim().split(/\s+/).map(Number);
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

/** Returns the path of a program, or undefined if it is not installed. */
export function installed(name: string): string | undefined {
  const found = spawnSync('bash', ['-c', 'command -v "$0"', name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : undefined;
}
