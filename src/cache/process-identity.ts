import { readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number by its start time (where /proc gives it). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

function statOf(pid: number | 'self'): { readonly state: string; readonly started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Fields 3 and 22; the command name, field 2, may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined; // no such process, or a system without /proc
  }
}

export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, started: statOf('self')?.started ?? '' });

/** `stopped`: by SIGSTOP, Ctrl-Z or a debugger. `stuck`: in a call of the system that does not return, as of a disk that hangs. */
export function stateOf(pid: number): 'running' | 'stopped' | 'stuck' {
  const state = statOf(pid)?.state ?? '';
  if (state === 'T' || state === 't') return 'stopped';
  return state === 'D' ? 'stuck' : 'running';
}

/** A zombie is dead: it only waits for a parent that may never ask for it (the first process of a container). */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = statOf(pid);
  return now === undefined || (now.state !== 'Z' && (started === '' || now.started === started));
}
