import { totalmem } from 'node:os';
import { fileSystemFailure } from '../base/failure.ts';

let known: number | undefined;

/** Bytes that this process can use: what the system has, or what a container or a cluster's job leaves of it. */
export function machineMemory(): number {
  known ??= usableMemory(process.constrainedMemory(), totalmem());
  return known;
}

/** `constrained` is 0, or beyond all memory, where nothing constrains it. */
export const usableMemory = (constrained: number, total: number): number =>
  constrained > 0 ? Math.min(constrained, total) : total;

/** How often to look: seldom enough to cost nothing, often enough for what takes seconds. */
const EVERY_MS = 100;

/** Small actions end within this, and to ask the system twice for each of them takes a twentieth of their time. */
const FRESH_MS = 50;
let last = { at: Number.NEGATIVE_INFINITY, bytes: 0 };

function resident(): number {
  const at = performance.now();
  if (at - last.at <= FRESH_MS) return last.bytes;
  try {
    last = { at, bytes: process.memoryUsage.rss() };
  } catch (error) {
    // A task has opened as many files as the system allows, and this would be one more.
    if (!fileSystemFailure(error)) throw error;
  }
  return last.bytes;
}

/** Watches how much memory this process takes, all actions underway together; stop it when done. */
export function watchMemory(): { peak(): number; stop(): void } {
  let highest = 0;
  const look = () => {
    highest = Math.max(highest, resident());
  };
  look();
  const timer = setInterval(look, EVERY_MS).unref();
  return {
    peak() {
      look();
      return highest;
    },
    stop: () => clearInterval(timer),
  };
}
