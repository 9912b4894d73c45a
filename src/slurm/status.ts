/** The status of a pipeline's submissions, from their snapshots, a look at Slurm's queue, and their slots' events. */

import type { ActionName } from '../base/action-name.ts';
import { type ActionFailure, fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { freshen } from '../files/nfs.ts';
import type { Request } from '../load/request.ts';
import { expand } from '../pipeline/expand.ts';
import { storePaths } from '../store/layout.ts';
import { isLive, type QueueRow, rowsBySlot, slotId } from './job-state.ts';
import { liveJobs } from './jobs.ts';
import { jobLost } from './make-by-jobs.ts';
import { actionsOf, endedInAnotherAction, hasMade, readState, type WatchedSlot, watchedSlot } from './slot-watch.ts';
import type { Slurm } from './slurm.ts';
import {
  jobPrefix,
  type ListedSubmission,
  ofOwner,
  ownerOn,
  readArrays,
  readSnapshot,
  readSubmissions,
  type Submission,
  submissionOf,
} from './submission.ts';

export interface SubmissionStatus {
  readonly type: 'submission-status';
  readonly submission: string;
  readonly began: string;
  /** Steps with actions in the submission, in the pipeline's order. */
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
  /** The time when the first of its running slots began, as Slurm prints it. */
  readonly since: string | null;
  /** Why its other slots wait, in Slurm's words. */
  readonly reasons: readonly string[];
}

/** The caller's submissions of the pipeline, the oldest first: those whose jobs live, and the last that ended. */
export async function statusOf(
  { store: root, pipeline }: Pick<Request, 'store' | 'pipeline'>,
  slurm: Pick<Slurm, 'queue' | 'config'>,
): Promise<Result<readonly SubmissionStatus[], RunFailure>> {
  const store = storePaths(root);
  try {
    const listed = readSubmissions(store, pipeline);
    if (listed.length === 0) return ok([]);
    const config = await slurm.config();
    if (!config.ok) return config;
    const queue = await slurm.queue('groundproof-');
    if (!queue.ok) return queue;
    const owned = ofOwner(listed, ownerOn(config.value));
    return ok(owned.flatMap((submission) => submissionStatus(root, submission, queue.value) ?? []));
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}

function submissionStatus(
  root: string,
  { name, began }: ListedSubmission,
  queue: readonly QueueRow[],
): SubmissionStatus | undefined {
  const submission = submissionOf({ root }, name);
  const snapshot = readSnapshot(submission);
  if (!snapshot) return undefined;
  freshen(submission.folder);
  const rows = queue.filter((row) => row.name.startsWith(jobPrefix(submission)));
  const slots = slotsOf(submission, rows);

  const counts = new Map<string, Record<Standing, number>>();
  const failures: { action: ActionName; failure: ActionFailure }[] = [];
  for (const { name: action, step } of expand(snapshot.loaded.pipeline).actions) {
    const slot = slots.get(action);
    if (!slot) continue;
    const stepCounts = counts.get(step.name) ?? { done: 0, running: 0, waiting: 0, failed: 0, blocked: 0 };
    counts.set(step.name, stepCounts);
    const standing = standingOf(slot, action);
    stepCounts[standing]++;
    if (standing === 'failed') failures.push({ action, failure: failureOf(slot, action, submission) });
  }
  const steps = snapshot.loaded.pipeline.steps.flatMap(({ name: step }) => {
    const stepCounts = counts.get(step);
    return stepCounts ? [{ step, ...stepCounts }] : [];
  });
  return { type: 'submission-status', submission: name, began, steps, jobs: jobsOf(rows.filter(isLive)), failures };
}

/** The slot of each action: the first that made it, else the last. */
function slotsOf(submission: Submission, rows: readonly QueueRow[]): ReadonlyMap<ActionName, WatchedSlot> {
  const arrays = new Set(rows.map((row) => row.name));
  const bySlot = rowsBySlot(rows);
  const slots = new Map<ActionName, WatchedSlot>();
  for (const array of readArrays(submission)) {
    for (const [index] of array.groups.entries()) {
      const slot = watchedSlot(array, index);
      const inQueue = { row: bySlot.get(slotId(array.name, index)), isArrayKnown: arrays.has(array.name) };
      readState(slot, submission, inQueue);
      for (const action of actionsOf(slot)) {
        const earlier = slots.get(action);
        if (!earlier || !hasMade(earlier, action)) slots.set(action, slot);
      }
    }
  }
  return slots;
}

function failureOf(slot: WatchedSlot, action: ActionName, submission: Submission): ActionFailure {
  const finished = slot.finished.get(action);
  if (finished?.outcome === 'failed') return finished.failure;
  return jobLost(slot, slot.state.is === 'lost' ? slot.state.why : 'crashed', submission);
}

function standingOf(slot: WatchedSlot, action: ActionName): Standing {
  const finished = slot.finished.get(action);
  if (finished?.outcome === 'failed') return 'failed';
  if (finished) return hasMade(slot, action) ? 'done' : 'blocked';
  if (slot.over) return 'blocked';
  if (slot.state.is === 'lost' || slot.state.is === 'ended') {
    if (endedInAnotherAction(slot, action)) return 'blocked';
    // Blame the action that a lost slot was executing, else the first unfinished action.
    const first = actionsOf(slot).find((other) => !slot.finished.has(other));
    return slot.begun.has(action) || first === action ? 'failed' : 'blocked';
  }
  return slot.unread.has(action) ? 'running' : 'waiting';
}

function jobsOf(live: readonly QueueRow[]): readonly JobStatus[] {
  return liveJobs(live).map((job) => {
    const rows = live.filter((row) => row.job === job);
    const running = rows.filter(({ node }) => node !== null);
    const since = running.flatMap((row) => row.since ?? []).sort();
    return {
      job,
      running: running.length,
      waiting: rows.length - running.length,
      nodes: [...new Set(running.flatMap(({ node }) => node ?? []))].sort(),
      since: since[0] ?? null,
      reasons: [...new Set(rows.filter(({ node }) => node === null).map(({ reason }) => reason))],
    };
  });
}
