/** Where the submissions of a pipeline stand: from what they were, one look at Slurm's queue, and what their tasks said. */

import type { ActionName } from '../base/action-name.ts';
import { type ActionFailure, fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { freshen } from '../files/nfs.ts';
import type { Request } from '../load/request.ts';
import { expand } from '../pipeline/expand.ts';
import { storePaths } from '../store/layout.ts';
import { isLive, type QueueRow, rowsByTask, taskId } from './job-state.ts';
import { liveJobs } from './jobs.ts';
import { jobLost } from './make-by-jobs.ts';
import type { Slurm } from './slurm.ts';
import {
  jobPrefix,
  type Listed,
  ofOwner,
  ownerOn,
  readArrays,
  readListed,
  readSnapshot,
  submissionOf,
} from './submission.ts';
import { actionsOf, endedByOthers, look, type WatchedTask, watchedTask } from './task-watch.ts';

export interface SubmissionStatus {
  readonly type: 'submission-status';
  readonly submission: string;
  readonly began: string;
  /** Steps that have actions in it, in the pipeline's order. */
  readonly steps: readonly StepStatus[];
  /** Jobs that wait or run. */
  readonly jobs: readonly JobStatus[];
  readonly failures: readonly { readonly action: ActionName; readonly failure: ActionFailure }[];
}

type Standing = 'done' | 'running' | 'waiting' | 'failed' | 'blocked';

interface StepStatus extends Readonly<Record<Standing, number>> {
  readonly step: string;
}

export interface JobStatus {
  readonly job: string;
  readonly running: number;
  readonly waiting: number;
  readonly nodes: readonly string[];
  /** When the first of its tasks that run now began, as Slurm prints it. */
  readonly since: string | null;
  /** Why the others wait, in Slurm's words. */
  readonly reasons: readonly string[];
}

/** The caller's submissions of the pipeline, the oldest first: those whose jobs live, and the last one that ended. */
export async function statusOf(
  { store: root, pipeline }: Pick<Request, 'store' | 'pipeline'>,
  slurm: Pick<Slurm, 'queue' | 'config'>,
): Promise<Result<readonly SubmissionStatus[], RunFailure>> {
  const store = storePaths(root);
  try {
    const listed = readListed(store, pipeline);
    if (listed.length === 0) return ok([]);
    const config = await slurm.config();
    if (!config.ok) return config;
    const queue = await slurm.queue('groundproof-');
    if (!queue.ok) return queue;
    const own = ofOwner(listed, ownerOn(config.value));
    return ok(own.flatMap((one) => statusOfOne(root, one, queue.value) ?? []));
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}

function statusOfOne(root: string, { name, began }: Listed, queue: readonly QueueRow[]): SubmissionStatus | undefined {
  const submission = submissionOf({ root }, name);
  const snapshot = readSnapshot(submission);
  if (!snapshot) return undefined;
  freshen(submission.folder);
  const rows = queue.filter((row) => row.name.startsWith(jobPrefix(submission)));
  const known = new Set(rows.map((row) => row.name));
  const byTask = rowsByTask(rows);

  const tasks = new Map<ActionName, WatchedTask>();
  for (const array of readArrays(submission)) {
    for (const [index] of array.groups.entries()) {
      const task = watchedTask(array, index);
      look(task, submission, byTask.get(taskId(array.name, index)), known.has(array.name));
      for (const action of actionsOf(task)) {
        // Made by an earlier task, whatever became of a later one.
        if (!isDone(tasks.get(action), action)) tasks.set(action, task);
      }
    }
  }

  const counts = new Map<string, Record<Standing, number>>();
  const failures: { action: ActionName; failure: ActionFailure }[] = [];
  for (const { name: action, step } of expand(snapshot.loaded.pipeline).actions) {
    const task = tasks.get(action);
    if (!task) continue;
    const own = counts.get(step.name) ?? { done: 0, running: 0, waiting: 0, failed: 0, blocked: 0 };
    counts.set(step.name, own);
    const standing = standingOf(task, action);
    own[standing]++;
    if (standing === 'failed') {
      const finished = task.finished.get(action);
      const lost = task.state.is === 'lost' ? task.state.why : 'crashed';
      const failure = finished?.outcome === 'failed' ? finished.failure : jobLost(task, lost, submission);
      failures.push({ action, failure });
    }
  }
  const order = snapshot.loaded.pipeline.steps.map((step) => step.name);
  const steps = order.flatMap((step) => {
    const own = counts.get(step);
    return own ? [{ step, ...own }] : [];
  });
  return { type: 'submission-status', submission: name, began, steps, jobs: jobsOf(rows.filter(isLive)), failures };
}

const isDone = (task: WatchedTask | undefined, action: ActionName): boolean => {
  const outcome = task?.finished.get(action)?.outcome;
  return outcome === 'executed' || outcome === 'reused';
};

function standingOf(task: WatchedTask, action: ActionName): Standing {
  const finished = task.finished.get(action);
  if (finished?.outcome === 'failed') return 'failed';
  if (finished) return isDone(task, action) ? 'done' : 'blocked';
  if (task.over || task.state.is === 'lost' || task.state.is === 'ended') {
    if (task.over || endedByOthers(task, action)) return 'blocked';
    // Of what a lost task had, what it was at is to blame, or else the first that it had not made.
    const first = actionsOf(task).find((one) => !task.finished.has(one));
    return task.begun.has(action) || first === action ? 'failed' : 'blocked';
  }
  return task.unread.has(action) ? 'running' : 'waiting';
}

function jobsOf(live: readonly QueueRow[]): readonly JobStatus[] {
  return liveJobs(live).map((job) => {
    const own = live.filter((row) => row.job === job);
    const running = own.filter(({ node }) => node !== null);
    const since = running.flatMap((row) => row.since ?? []).sort();
    return {
      job,
      running: running.length,
      waiting: own.length - running.length,
      nodes: [...new Set(running.flatMap(({ node }) => node ?? []))].sort(),
      since: since[0] ?? null,
      reasons: [...new Set(own.filter(({ node }) => node === null).map(({ reason }) => reason))],
    };
  });
}
