/** The processors and the memory that actions running at the same time share. */
import type { Resources } from '../pipeline/pipeline.ts';

export interface Capacity {
  /** Processors for all running actions together. */
  readonly jobs: number;
  /** Bytes for all running actions together. */
  readonly memory: number;
}

export interface Budget {
  fits(wanted: Resources): boolean;
  /** Takes a share; the returned function gives it back, and does nothing when called again. */
  take(wanted: Resources): () => void;
  /** The number of shares that are taken. */
  readonly taken: () => number;
}

/**
 * A share is the action's `cpus` (default 1) and its `memory` (default 0, as its need is unknown). A share above the
 * capacity fits only while no other is taken, and then nothing fits beside it.
 */
export function openBudget({ jobs, memory }: Capacity): Budget {
  let count = 0;
  let cpus = 0;
  let bytes = 0;
  const add = (wanted: Resources, sign: 1 | -1) => {
    count += sign;
    cpus += sign * (wanted.cpus ?? 1);
    bytes += sign * (wanted.memory ?? 0);
  };
  return {
    fits: (wanted) => count === 0 || (cpus + (wanted.cpus ?? 1) <= jobs && bytes + (wanted.memory ?? 0) <= memory),
    take(wanted) {
      let isHeld = true;
      add(wanted, 1);
      return () => {
        if (isHeld) add(wanted, -1);
        isHeld = false;
      };
    },
    taken: () => count,
  };
}
