/** The jobs of a submission: submits them, and submits again those actions whose slots ended without a result. */

import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { JobsSubmitted } from '../history/event.ts';
import type { Session } from '../plan/session.ts';
import { claim } from '../store/await-claim.ts';
import { arraysOf, slotResources } from './arrays.ts';
import { type Group, groupsOf } from './groups.ts';
import { isLive, type QueueRow } from './job-state.ts';
import { type Patience, submitPatiently } from './patient-slurm.ts';
import { sbatchOptions } from './sbatch.ts';
import { openSlotTable, type SlotTable } from './slot-table.ts';
import { actionsOf, type WatchedSlot } from './slot-watch.ts';
import type { Slurm } from './slurm.ts';
import { type JobArray, jobPrefix, logStem, type Submission, submittingClaim, writeArray } from './submission.ts';
import type { Watch } from './watch.ts';

export interface Jobs {
  /** The slot that was last to make the action. */
  slotOf(action: ActionName): WatchedSlot | undefined;
  /** Takes over the jobs that were submitted before; `live` are their slots that wait or run. */
  join(live: readonly QueueRow[]): void;
  /** Submits jobs for all these actions; if a job is refused, cancels those submitted before it. */
  submit(actions: ReadonlySet<ActionName>): Promise<Result<JobsSubmitted['jobs'], RunFailure>>;
  /**
   * Submits an action again, with the rest of its slot's group that is not settled, unless another driver did so
   * meanwhile. Actions that are resubmitted at the same time share a job.
   */
  resubmit(action: ActionName, isSettled: (action: ActionName) => boolean): Promise<Result<void, RunFailure>>;
}

export interface JobsContext {
  readonly session: Session;
  readonly submission: Submission;
  readonly slurm: Slurm;
  readonly watch: Watch;
  readonly largestArray: number;
  /** The script of an array's slots. */
  script(array: number): string;
  readonly patience: Patience;
  /** Cancels jobs that were just submitted. */
  withdraw(jobs: readonly string[]): Promise<void>;
}

export function openJobs(context: JobsContext): Jobs {
  const table = openSlotTable(context.submission, context.session.graph, context.watch);
  const submit: Jobs['submit'] = (todo) => submitArrays(context, table, todo);
  return {
    slotOf: table.slotOf,
    join: table.addEarlier,
    submit,
    resubmit: openResubmission(context, table, submit),
  };
}

async function submitArrays(
  context: JobsContext,
  table: SlotTable,
  todo: ReadonlySet<ActionName>,
): Promise<Result<JobsSubmitted['jobs'], RunFailure>> {
  const { session, submission, largestArray, withdraw } = context;
  const { graph, loaded } = session;
  const steps = new Map(graph.actions.map(({ name, step }) => [name, step]));
  const resourcesOf = (group: Group) =>
    slotResources(
      group.actions.flatMap((name) => steps.get(name) ?? []),
      loaded.pipeline.slurm.resources,
    );
  const submitted: { job: string; tasks: number }[] = [];
  for (const planned of arraysOf(groupsOf(graph.actions, todo), resourcesOf, largestArray)) {
    const number = table.nextNumber();
    const array: JobArray = { ...planned, number, name: `${jobPrefix(submission)}${number}` };
    const job = await submitArray(context, table, array);
    if (!job.ok) {
      await withdraw(submitted.map((earlier) => earlier.job));
      return job;
    }
    table.add(array, job.value);
    submitted.push({ job: job.value, tasks: array.groups.length });
  }
  return ok(submitted);
}

/** Returns the id of the job. */
async function submitArray(
  { session, submission, slurm, script, patience }: JobsContext,
  table: SlotTable,
  array: JobArray,
): Promise<Result<string, RunFailure>> {
  const { loaded } = session;
  writeArray(submission, array);
  table.reserve(array);
  const options = sbatchOptions(
    {
      name: array.name,
      slots: array.groups.length,
      resources: array.resources,
      after: table.jobsBefore(array.groups),
      log: logStem(submission, array.number),
      folder: loaded.folder,
    },
    loaded.pipeline.slurm,
  );
  return submitPatiently(slurm, { name: array.name, options, script: script(array.number) }, patience);
}

/** Collects the actions that are asked for in the same turn of the event loop, and submits them together. */
function openResubmission(
  { session: { store, request }, patience }: JobsContext,
  table: SlotTable,
  submit: Jobs['submit'],
): Jobs['resubmit'] {
  let wanted: Map<ActionName, (action: ActionName) => boolean> = new Map();
  let submitting: Promise<Result<void, RunFailure>> | undefined;

  const submitWanted = async (): Promise<Result<void, RunFailure>> => {
    const held = await claim(submittingClaim(store, request.pipeline), {
      opening: store.opening,
      signal: patience.signal,
      onWait() {},
    });
    const actions = wanted;
    wanted = new Map();
    submitting = undefined;
    if (!held) return ok(undefined);
    try {
      table.addNew();
      const todo = new Set([...actions].flatMap(([action, isSettled]) => toResubmit(table, action, isSettled)));
      const submitted = await submit(todo);
      return submitted.ok ? ok(undefined) : err(submitted.error);
    } finally {
      held.release();
    }
  };

  return (action, isSettled) => {
    wanted.set(action, isSettled);
    submitting ??= new Promise<void>((resolve) => setImmediate(resolve)).then(submitWanted);
    return submitting;
  };
}

/** The action and, if its slot is over, the actions of the group that the slot has left undone. */
function toResubmit(
  table: SlotTable,
  action: ActionName,
  isSettled: (action: ActionName) => boolean,
): readonly ActionName[] {
  if (table.isCovered(action)) return [];
  const slot = table.slotOf(action);
  if (!slot?.over) return [action];
  const isLeft = (other: ActionName) => !isSettled(other) && table.slotOf(other) === slot;
  return [action, ...actionsOf(slot).filter(isLeft)];
}

/** Ids of the jobs that wait or run, in the order of their submission. */
export const liveJobs = (rows: readonly QueueRow[]): readonly string[] =>
  [...new Set(rows.filter(isLive).map(({ job }) => job))].sort((a, b) => Number(a) - Number(b));
