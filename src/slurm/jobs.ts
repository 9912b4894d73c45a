/** The jobs of a submission: which task makes which action, and how more of them are submitted. */

import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { freshen } from '../files/nfs.ts';
import type { JobsSubmitted } from '../history/event.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Session } from '../plan/session.ts';
import { claim } from '../store/claim.ts';
import { arraysOf, sizeOfTask } from './arrays.ts';
import { type Group, groupsOf } from './groups.ts';
import { isLive, type QueueRow, rowsByTask, taskId } from './job-state.ts';
import { type Patience, submitPatiently } from './patient-slurm.ts';
import { sbatchOptions } from './sbatch.ts';
import type { Slurm } from './slurm.ts';
import {
  type JobArray,
  jobPrefix,
  logStem,
  readArrays,
  type Submission,
  submittingClaim,
  writeArray,
} from './submission.ts';
import { actionsOf, hear, type WatchedTask } from './task-watch.ts';
import type { Watch } from './watch.ts';

export interface Jobs {
  /** The task that was last to make the action. */
  taskOf(action: ActionName): WatchedTask | undefined;
  /** Takes over what was submitted before; `live` are its tasks that wait or run. */
  join(live: readonly QueueRow[]): void;
  /** Submits jobs for these actions: all of them, or none. */
  submit(actions: ReadonlySet<ActionName>): Promise<Result<JobsSubmitted['jobs'], RunFailure>>;
  /**
   * Submits again what `action`'s task has not made, unless another driver did so meanwhile; what is asked for at the
   * same time becomes one job.
   */
  again(action: ActionName, isSettled: (action: ActionName) => boolean): Promise<Result<void, RunFailure>>;
}

export interface JobsContext {
  readonly session: Session;
  readonly submission: Submission;
  readonly slurm: Slurm;
  readonly watch: Watch;
  readonly largestArray: number;
  /** The script of an array's tasks. */
  script(array: number): string;
  readonly patience: Patience;
  /** Cancels jobs that were just submitted. */
  withdraw(jobs: readonly string[]): Promise<void>;
}

export function openJobs(context: JobsContext): Jobs {
  const { session, submission, slurm, watch, largestArray, script, patience, withdraw } = context;
  const { graph, loaded, store, request } = session;
  const { slurm: settings } = loaded.pipeline;
  const actions = new Map<ActionName, Action>(graph.actions.map((action) => [action.name, action]));
  const tasks = new Map<ActionName, WatchedTask>();
  const ids = new Map<string, string>();
  let next = 0;
  let asked: Map<ActionName, (action: ActionName) => boolean> = new Map();
  let asking: Promise<Result<void, RunFailure>> | undefined;

  const watched = (array: JobArray) => {
    next = array.number + 1;
    for (const task of watch.add(array)) for (const action of actionsOf(task)) tasks.set(action, task);
  };
  /** Whether a task is still to make it. */
  const isCovered = (action: ActionName) => {
    const task = tasks.get(action);
    return task !== undefined && !task.over && !task.finished.has(action);
  };
  const sizeOf = (group: Group) =>
    sizeOfTask(
      group.actions.flatMap((name) => actions.get(name)?.step ?? []),
      settings.resources,
    );
  /** The jobs in which something is made that the groups need. */
  const jobsBefore = (groups: readonly Group[]): readonly string[] => {
    const before = new Set<string>();
    for (const { actions: own } of groups) {
      for (const need of own.flatMap((name) => actions.get(name)?.needs ?? [])) {
        const task = tasks.get(need);
        const id = task && ids.get(task.array.name);
        if (id !== undefined && !task?.over) before.add(id);
      }
    }
    return [...before];
  };

  const submit: Jobs['submit'] = async (todo) => {
    const submitted: { job: string; tasks: number }[] = [];
    for (const planned of arraysOf(groupsOf(graph.actions, todo), sizeOf, largestArray)) {
      const array: JobArray = { ...planned, number: next, name: `${jobPrefix(submission)}${next}` };
      writeArray(submission, array);
      const options = sbatchOptions(
        {
          name: array.name,
          tasks: array.groups.length,
          resources: array.resources,
          after: jobsBefore(array.groups),
          log: logStem(submission, array.number),
          folder: loaded.folder,
        },
        settings,
      );
      const job = await submitPatiently(slurm, array.name, options, script(array.number), patience);
      next = array.number + 1;
      if (!job.ok) {
        await withdraw(submitted.map((one) => one.job));
        return job;
      }
      ids.set(array.name, job.value);
      watched(array);
      submitted.push({ job: job.value, tasks: array.groups.length });
    }
    return ok(submitted);
  };

  const submitAsked = async (): Promise<Result<void, RunFailure>> => {
    const held = await claim(submittingClaim(store, request.pipeline), store.opening, patience.signal, () => {});
    const wanted = asked;
    asked = new Map();
    asking = undefined;
    if (!held) return ok(undefined);
    try {
      freshen(submission.folder);
      for (const array of readArrays(submission, next)) watched(array);
      const todo = new Set<ActionName>();
      for (const [action, isSettled] of wanted) {
        if (isCovered(action)) continue;
        const task = tasks.get(action);
        // A task that goes on may yet make the rest of its group.
        const rest = task?.over ? actionsOf(task).filter((one) => !isSettled(one) && tasks.get(one) === task) : [];
        for (const one of [action, ...rest]) todo.add(one);
      }
      const submitted = await submit(todo);
      return submitted.ok ? ok(undefined) : err(submitted.error);
    } finally {
      held.release();
    }
  };

  return {
    taskOf: (action) => tasks.get(action),
    join(live) {
      const rows = rowsByTask(live);
      for (const row of live) ids.set(row.name, row.job);
      if (live.length > 0) freshen(submission.folder);
      for (const array of readArrays(submission)) {
        next = array.number + 1;
        for (const task of watch.add(array)) {
          const row = rows.get(taskId(array.name, task.index));
          if (row) task.job = `${row.job}_${row.index}`;
          // What has ended is heard once: what it made counts, and what it failed at is tried again.
          else {
            hear(task, submission);
            task.over = { lost: null };
          }
          for (const action of actionsOf(task)) {
            const outcome = task.finished.get(action)?.outcome;
            if (row || outcome === 'executed' || outcome === 'reused') tasks.set(action, task);
          }
        }
      }
    },
    submit,
    again(action, isSettled) {
      asked.set(action, isSettled);
      asking ??= new Promise<void>((resolve) => setImmediate(resolve)).then(submitAsked);
      return asking;
    },
  };
}

/** Ids of the jobs that wait or run, in the order of their submission. */
export const liveJobs = (rows: readonly QueueRow[]): readonly string[] =>
  [...new Set(rows.filter(isLive).map(({ job }) => job))].sort((a, b) => Number(a) - Number(b));
