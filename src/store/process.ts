import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from '../base/error-code.ts';

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
    if (errorCode(error) !== 'EPERM') return false;
  }
  const now = statOf(pid);
  return now === undefined || (now.state !== 'Z' && (started === '' || now.started === started));
}

/** The machine that a process runs on, as far as processes can look after each other there. */

/** Two processes of which all three are the same can tell by its number whether the other lives. */
export interface Host {
  readonly name: string;
  /** Of the kernel since it was started: containers share it, and a restart gives another. Empty where there is no /proc. */
  readonly boot: string;
  /** Of the process numbers: each container has its own. Empty where there is no /proc. */
  readonly space: string;
}

let known: Host | undefined;

export function thisHost(): Host {
  known ??= {
    name: hostname().replaceAll(/[^\w.-]/g, '_'),
    boot: inProc(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8)),
    space: inProc(() => readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '')),
  };
  return known;
}

function inProc(read: () => string): string {
  try {
    return read();
  } catch {
    return ''; // a system without /proc
  }
}

export const isThisHost = ({ name, boot, space }: Host): boolean => {
  const own = thisHost();
  return name === own.name && boot === own.boot && space === own.space;
};

/** Whether it is the same machine, though perhaps another container on it or before its last restart. */
export const isThisMachine = ({ name, boot }: Host): boolean => {
  const own = thisHost();
  return name === own.name || (boot !== '' && boot === own.boot);
};
