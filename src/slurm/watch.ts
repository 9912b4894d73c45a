/** Polls all jobs of a submission together: asks Slurm for the states of the slots, and reads the running slots' events. */

import { fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { freshen } from '../files/nfs.ts';
import type { RemoteTrouble } from '../history/event.ts';
import { rowsBySlot, slotId } from './job-state.ts';
import { readSlotEvents, updateSlot, type WatchedSlot, watchedSlot } from './slot-watch.ts';
import type { Slurm } from './slurm.ts';
import { type JobArray, jobPrefix, type Submission } from './submission.ts';

export interface Watch {
  /** Watches all slots of an array that was submitted. */
  add(array: JobArray): readonly WatchedSlot[];
  /** Resolves at the next change; rejects with the error that ended the polling. */
  change(): Promise<void>;
  /** Makes all callers of `change` look again. */
  wake(): void;
  stop(): void;
}

export interface WatchContext {
  readonly submission: Submission;
  readonly slurm: Pick<Slurm, 'queue'>;
  /** Called once when Slurm does not answer or the file system refuses; the polling goes on. */
  onTrouble(failure: RunFailure): void;
  /** Called once for each different message of a slot about the remote cache. */
  onRemoteTrouble(trouble: RemoteTrouble): void;
  /** Waits between two polls. */
  wait(milliseconds: number): Promise<void>;
}

/** Polls every second after a change, slowing down to every five seconds. */
const SHORTEST_MS = 1000;
const LONGEST_MS = 5000;
const GROWTH = 1.25;

/** Polls until it is stopped, or all slots are over. */
export function openWatch(context: WatchContext): Watch {
  const poll = openPoll(context);
  const reportTroubles = openTroubleReport(context);
  const { wait, ring } = openBell();
  let underway: readonly WatchedSlot[] = [];
  let isStopped = false;
  let isPolling = false;
  /** The error that ended the polling, and with it every wait. */
  let broken: { readonly error: unknown } | undefined;

  const loop = async () => {
    let pause = SHORTEST_MS;
    while (!isStopped && underway.length > 0) {
      await context.wait(pause);
      if (isStopped) break;
      const polled = underway;
      const found = await poll(polled);
      reportTroubles(polled);
      pause = found === 'changes' ? SHORTEST_MS : Math.min(LONGEST_MS, pause * GROWTH);
      underway = underway.filter(({ over }) => over === undefined);
      // Some slots may have changed before the file system refused.
      if (found !== 'nothing') ring();
    }
    isPolling = false;
  };

  return {
    add(array) {
      const slots = array.groups.map((_, index) => watchedSlot(array, index));
      underway = [...underway, ...slots];
      if (!isPolling) {
        isPolling = true;
        loop().catch((error: unknown) => {
          broken = { error };
          ring();
        });
      }
      return slots;
    },
    async change() {
      if (!broken) await wait();
      if (broken) throw broken.error;
    },
    wake: ring,
    stop() {
      isStopped = true;
      ring();
    },
  };
}

/** Lets several callers wait for the next `ring`. */
function openBell(): { wait(): Promise<void>; ring(): void } {
  let listeners: (() => void)[] = [];
  return {
    wait: () =>
      new Promise((resolve) => {
        listeners.push(resolve);
      }),
    ring() {
      const waiting = listeners;
      listeners = [];
      for (const listener of waiting) listener();
    },
  };
}

/** Reports the slots' troubles with the remote cache, each message once. */
function openTroubleReport({ onRemoteTrouble }: Pick<WatchContext, 'onRemoteTrouble'>) {
  const reported = new Set<string>();
  return (slots: readonly WatchedSlot[]): void => {
    for (const slot of slots) {
      for (const trouble of slot.troubles) {
        if (!reported.has(trouble.message)) onRemoteTrouble(trouble);
        reported.add(trouble.message);
      }
      slot.troubles = [];
    }
  };
}

/** Returns a function that brings slots up to date, and reports when Slurm or the file system begins to fail. */
function openPoll({ submission, slurm, onTrouble }: WatchContext) {
  let isSlurmAway = false;
  let isRefused = false;

  const updateAll = async (slots: readonly WatchedSlot[]): Promise<boolean> => {
    const queue = await slurm.queue(jobPrefix(submission));
    if (!queue.ok) {
      if (!isSlurmAway) onTrouble(queue.error);
      isSlurmAway = true;
      // The slots go on without Slurm's controller, so read their events all the same.
      return slots.map((slot) => readSlotEvents(slot, submission)).includes(true);
    }
    isSlurmAway = false;
    const rows = rowsBySlot(queue.value);
    const hasSilent = slots.some(({ state, offset }) => state.is === 'running' && offset === 0);
    if (hasSilent) freshen(submission.folder);
    const arrays = new Set(queue.value.map(({ name }) => name));
    const changes = slots.map((slot) => {
      const { array, index } = slot;
      const inQueue = { row: rows.get(slotId(array.name, index)), isArrayKnown: arrays.has(array.name) };
      return updateSlot(slot, submission, inQueue);
    });
    return changes.includes(true);
  };

  return async (slots: readonly WatchedSlot[]): Promise<'changes' | 'nothing' | 'refused'> => {
    try {
      const hasChanges = await updateAll(slots);
      isRefused = false;
      return hasChanges ? 'changes' : 'nothing';
    } catch (error) {
      const failure = fileSystemFailure(error);
      if (!failure) throw error;
      if (!isRefused) onTrouble(failure);
      isRefused = true;
      return 'refused';
    }
  };
}
