/** A program's own times, as the system counts them. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Times {
  /** Milliseconds from start to end. */
  readonly wall: number;
  /** Milliseconds of processor, its children's included. */
  readonly cpu: number;
}

export interface Place {
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
  /** Where what it says on stderr is kept while it runs. */
  readonly said?: string;
}

/** bash's `time`, without a fork beside the program; nothing else tells the processor time of a child that ended. */
const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>"$0"';

/** Runs a program, what it prints dropped. Throws when it fails, with what it said. */
export function timed(
  file: string,
  args: readonly string[],
  { cwd, env = {}, said = join(cwd, '.stderr') }: Place,
): Times {
  const ran = spawnSync('bash', ['-c', script, said, file, ...args], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (ran.status !== 0) {
    const error = readFileSync(said, 'utf8').slice(-2000);
    throw new Error(`${[file, ...args].join(' ')} in ${cwd} ended with ${ran.status ?? ran.signal}:\n${error}`);
  }
  const [wall = 0, user = 0, system = 0] = ran.stderr.trim().split(/\s+/).map(Number);
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

/** Where a program is, if it is installed. */
export function installed(name: string): string | undefined {
  const found = spawnSync('bash', ['-c', 'command -v "$0"', name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : undefined;
}
