/** What there is for the actions that run together, and what they have taken of it. */
import type { Resources } from '../pipeline/pipeline.ts';

export interface Capacity {
  /** How many processors actions may take together. */
  readonly jobs: number;
  /** Bytes. */
  readonly memory: number;
}

export interface Budget {
  fits(wanted: Resources): boolean;
  take(wanted: Resources): void;
  giveBack(wanted: Resources): void;
  /** How many actions have taken some. */
  readonly taken: () => number;
}

/**
 * An action takes its `cpus`, or one, and its `memory`, or none where nobody said how much it needs. What wants more
 * than there is fits where nothing else runs, and then nothing fits beside it.
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
    take: (wanted) => add(wanted, 1),
    giveBack: (wanted) => add(wanted, -1),
    taken: () => count,
  };
}
