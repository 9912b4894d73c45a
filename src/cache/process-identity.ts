import { readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number by its start time (where /proc gives it). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

function startTime(pid: number | 'self'): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 22; the command name, field 2, may hold blanks and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // no such process, or a system without /proc
  }
}

export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, started: startTime('self') ?? '' });

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === '' || startTime(pid) === started || startTime(pid) === undefined;
}
