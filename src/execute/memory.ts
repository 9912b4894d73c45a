import { totalmem } from 'node:os';
import { fileSystemFailure } from '../base/failure.ts';

let usable: number | undefined;

/** Bytes that this process can use: the system's memory, or the limit of a container or of a cluster's job. */
export function machineMemory(): number {
  usable ??= usableMemory(process.constrainedMemory(), totalmem());
  return usable;
}

/** `constrained` is 0, or more than any memory, if there is no limit. */
export const usableMemory = (constrained: number, total: number): number =>
  constrained > 0 ? Math.min(constrained, total) : total;

/** Seldom enough to cost nothing, often enough for actions that take seconds. */
const LOOK_EVERY_MS = 100;

/** A value this old is not asked for again: asking twice in each small action would cost a twentieth of its time. */
const FRESH_MS = 50;
let last = { at: Number.NEGATIVE_INFINITY, bytes: 0 };

function resident(): number {
  const at = performance.now();
  if (at - last.at <= FRESH_MS) return last.bytes;
  try {
    last = { at, bytes: process.memoryUsage.rss() };
  } catch (error) {
    // Reading it opens a file, which fails while a task has as many files open as the system allows.
    if (!fileSystemFailure(error)) throw error;
  }
  return last.bytes;
}

/** Watches the memory, in bytes, of this process, that is of all its actions together. Stop it when done. */
export function watchMemory(): { peak(): number; stop(): void } {
  let highest = 0;
  const look = () => {
    highest = Math.max(highest, resident());
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    peak() {
      look();
      return highest;
    },
    stop: () => clearInterval(timer),
  };
}
