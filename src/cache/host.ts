/** The machine that a process runs on, as far as processes can look after each other there. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

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
