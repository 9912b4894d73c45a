import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from '../base/error-code.ts';

/** Processes and machines, as far as others need to tell them apart. Steps 1 and 6 of the protocol in `claim.ts`. */

/** A process. The start time tells it apart from a later process with the same number; empty without /proc. */
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

/** `stopped`: by SIGSTOP, Ctrl-Z or a debugger. `stuck`: in a system call that does not return, as on a disk that hangs. */
export function processState(pid: number): 'running' | 'stopped' | 'stuck' {
  const state = statOf(pid)?.state ?? '';
  if (state === 'T' || state === 't') return 'stopped';
  return state === 'D' ? 'stuck' : 'running';
}

/** A zombie counts as dead: it only waits for its parent, which may never ask for it (the first process of a container). */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive and another user's.
    if (errorCode(error) !== 'EPERM') return false;
  }
  const now = statOf(pid);
  return now === undefined || (now.state !== 'Z' && (started === '' || now.started === started));
}

/** Only processes with equal hosts can check by its number whether another process is alive. */
export interface Host {
  readonly name: string;
  /** Id of the running kernel: containers share it, and a restart changes it. Empty without /proc. */
  readonly boot: string;
  /** The namespace of process numbers: each container has its own. Empty without /proc. */
  readonly space: string;
}

let cachedHost: Host | undefined;

export function thisHost(): Host {
  cachedHost ??= {
    name: hostname().replaceAll(/[^\w.-]/g, '_'),
    boot: inProc(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8)),
    space: inProc(() => readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '')),
  };
  return cachedHost;
}

function inProc(read: () => string): string {
  try {
    return read();
  } catch {
    return ''; // a system without /proc
  }
}

export const isThisHost = ({ name, boot, space }: Host): boolean => {
  const here = thisHost();
  return name === here.name && boot === here.boot && space === here.space;
};

/** Whether a host is this machine, perhaps in another container or before the last restart. */
export const isThisMachine = ({ name, boot }: Host): boolean => {
  const here = thisHost();
  return name === here.name || (boot !== '' && boot === here.boot);
};
