/** One poll for all jobs: asks Slurm how the tasks stand, and reads what those that run have said. */

import { fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { freshen } from '../files/nfs.ts';
import type { RemoteTrouble } from '../history/event.ts';
import { rowsByTask, taskId } from './job-state.ts';
import type { Slurm } from './slurm.ts';
import { type JobArray, jobPrefix, type Submission } from './submission.ts';
import { hear, update, type WatchedTask, watchedTask } from './task-watch.ts';

export interface Watch {
  /** All tasks of an array that was submitted. */
  add(array: JobArray): readonly WatchedTask[];
  /** Resolves when something is new; rejects with what keeps the poll from going on. */
  change(): Promise<void>;
  /** Makes everyone who waits look again. */
  wake(): void;
  stop(): void;
}

/** Seconds between two polls: soon where something happens, seldom where nothing does. */
const SHORTEST_MS = 1000;
const LONGEST_MS = 5000;
const GROWTH = 1.25;

/**
 * Polls until it is stopped, as long as there are tasks that are not over. `onTrouble` is told once when Slurm does not
 * answer or the file system refuses, and the poll goes on; `onRemoteTrouble` is told what tasks say of the remote cache,
 * once of each; `wait` is what passes between two polls.
 */
export function openWatch(
  submission: Submission,
  slurm: Pick<Slurm, 'queue'>,
  onTrouble: (failure: RunFailure) => void,
  onRemoteTrouble: (trouble: RemoteTrouble) => void,
  wait: (milliseconds: number) => Promise<void>,
): Watch {
  let underway: WatchedTask[] = [];
  let stopped = false;
  let polling = false;
  let troubled = false;
  let refused = false;
  /** What broke the poll, and with it every wait. */
  let broken: { readonly error: unknown } | undefined;
  let listeners: (() => void)[] = [];
  const tell = () => {
    const told = listeners;
    listeners = [];
    for (const listener of told) listener();
  };

  const said = new Set<string>();
  const passOn = (tasks: readonly WatchedTask[]) => {
    for (const task of tasks) {
      for (const trouble of task.troubles) {
        if (!said.has(trouble.message)) onRemoteTrouble(trouble);
        said.add(trouble.message);
      }
      task.troubles = [];
    }
  };

  const ask = async (): Promise<boolean> => {
    const asked = underway;
    const queue = await slurm.queue(jobPrefix(submission));
    if (!queue.ok) {
      if (!troubled) onTrouble(queue.error);
      troubled = true;
      // What the tasks say is heard all the same.
      return asked.map((task) => hear(task, submission)).includes(true);
    }
    troubled = false;
    const rows = rowsByTask(queue.value);
    const unheard = asked.some(({ state, offset }) => state.is === 'running' && offset === 0);
    if (unheard) freshen(submission.folder);
    const known = new Set(queue.value.map(({ name }) => name));
    const news = asked.map((task) => {
      const { array, index } = task;
      return update(task, submission, rows.get(taskId(array.name, index)), known.has(array.name));
    });
    return news.includes(true);
  };

  /** What was read before the file system refused is news all the same. */
  const poll = async (): Promise<boolean> => {
    try {
      const news = await ask();
      refused = false;
      return news;
    } catch (error) {
      const failure = fileSystemFailure(error);
      if (!failure) throw error;
      if (!refused) onTrouble(failure);
      refused = true;
      tell();
      return false;
    }
  };

  const loop = async () => {
    let pause = SHORTEST_MS;
    while (!stopped && underway.length > 0) {
      await wait(pause);
      if (stopped) break;
      const asked = underway;
      const news = await poll();
      passOn(asked);
      pause = news ? SHORTEST_MS : Math.min(LONGEST_MS, pause * GROWTH);
      underway = underway.filter(({ over }) => over === undefined);
      if (pause === SHORTEST_MS) tell();
    }
    polling = false;
  };

  return {
    add(array) {
      const tasks = array.groups.map((_, index) => watchedTask(array, index));
      underway = [...underway, ...tasks];
      if (!polling) {
        polling = true;
        loop().catch((error: unknown) => {
          broken = { error };
          tell();
        });
      }
      return tasks;
    },
    async change() {
      if (!broken) {
        await new Promise<void>((resolve) => {
          listeners.push(resolve);
        });
      }
      if (broken) throw broken.error;
    },
    wake: tell,
    stop() {
      stopped = true;
      tell();
    },
  };
}
