/** Runs a shell command through zx; it and all that it started end when it is told to, and with this process. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Command {
  /** The command's text around its values, one piece more than there are values. */
  readonly pieces: readonly string[];
  /** Each is quoted; a list becomes several words. */
  readonly values: readonly (string | readonly string[])[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it could not even be started. */
  readonly problem: string | null;
}

/** How long a command that was told to stop may take to clean up. */
const GRACE_MS = 2000;

/** Process groups underway. A second Ctrl-C ends this process at once, and must leave none behind. */
const underway = new Set<number>();
process.on('exit', () => {
  for (const group of underway) tell(group, 'SIGKILL');
});

function tell(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // All of it has ended.
  }
}

/** `onLine` gets what the command prints, on stdout and stderr. Aborting asks it to end, and after a while ends it. */
export async function runCommand(
  { pieces, values, cwd, env }: Command,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<Ended> {
  const { $, quote, which } = await import('zx/core');
  const bash = which.sync('bash', { nothrow: true });
  if (bash === null) return { exitCode: null, signal: null, problem: 'there is no bash on the PATH' };
  const command = $({
    cwd,
    env,
    quote,
    stdio: ['ignore', 'pipe', 'pipe'],
    verbose: false,
    quiet: true,
    nothrow: true,
    // A group of its own, so that its children can be told too.
    detached: true,
    // zx would keep all that is printed.
    store: { stdout: forgetful(), stderr: forgetful(), stdall: forgetful() },
    // What ZX_ variables of the environment could change otherwise.
    shell: bash,
    prefix: 'set -euo pipefail;',
    postfix: '',
    preferLocal: false,
    timeout: 0,
  })(Object.assign([...pieces], { raw: [...pieces] }), ...values);

  const group = command.pid;
  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    if (group === undefined) return;
    tell(group, 'SIGTERM');
    grace = setTimeout(() => {
      tell(group, 'SIGKILL');
      // What left the group (`setsid`) may hold them open for as long as it likes.
      for (const stream of [command.stdout, command.stderr]) stream.destroy();
    }, GRACE_MS);
  };
  if (group !== undefined) underway.add(group);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    const said = [command.stdout, command.stderr].map((stream) => eachLine(stream, onLine));
    const ended = await command;
    await Promise.all(said);
    const problem = ended.exitCode === null && ended.signal === null ? (ended.cause?.message ?? ended.message) : null;
    return { exitCode: ended.exitCode, signal: ended.signal, problem };
  } finally {
    clearTimeout(grace);
    signal.removeEventListener('abort', stop);
    if (group !== undefined) {
      // What the command left in the background would write to outputs that are taken to be done.
      tell(group, 'SIGKILL');
      underway.delete(group);
    }
  }
}

const forgetful = (): string[] => Object.assign([], { push: () => 0 });

async function eachLine(stream: Readable | undefined, onLine: (line: string) => void): Promise<void> {
  if (!stream) return;
  const lines = createInterface({ input: stream });
  stream.once('close', () => lines.close());
  for await (const line of lines) onLine(line);
}
