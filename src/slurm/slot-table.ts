/** The table of a submission's slots: which slot makes which action, and which job a slot belongs to. */

import type { ActionName } from '../base/action-name.ts';
import { freshen } from '../files/nfs.ts';
import type { Graph } from '../pipeline/graph.ts';
import type { Group } from './groups.ts';
import { type QueueRow, rowsBySlot, slotId } from './job-state.ts';
import { actionsOf, hasMade, readSlotEvents, type WatchedSlot } from './slot-watch.ts';
import { type JobArray, readArrays, type Submission } from './submission.ts';
import type { Watch } from './watch.ts';

export interface SlotTable {
  /** The slot that was last to make the action. */
  slotOf(action: ActionName): WatchedSlot | undefined;
  /** Whether a slot is still going to make the action. */
  isCovered(action: ActionName): boolean;
  /** Ids of the jobs that make something that the groups need. */
  jobsBefore(groups: readonly Group[]): readonly string[];
  /** The number of the next array. */
  nextNumber(): number;
  /** Makes sure that the array's number is not given again. */
  reserve(array: JobArray): void;
  /** Adds an array that was submitted as this job. */
  add(array: JobArray, job: string): void;
  /** Adds the arrays that another driver has submitted meanwhile. */
  addNew(): void;
  /** Adds the arrays that were submitted before; `live` are their slots that wait or run. */
  addEarlier(live: readonly QueueRow[]): void;
}

export function openSlotTable(submission: Submission, { actions }: Graph, watch: Watch): SlotTable {
  const needs = new Map(actions.map((action) => [action.name, action.needs]));
  const slots = new Map<ActionName, WatchedSlot>();
  /** By the name of the array. */
  const jobs = new Map<string, string>();
  let next = 0;

  const reserve = ({ number }: JobArray) => {
    next = number + 1;
  };
  const addArray = (array: JobArray) => {
    reserve(array);
    for (const slot of watch.add(array)) for (const action of actionsOf(slot)) slots.set(action, slot);
  };
  const addEarlierArray = (array: JobArray, rows: ReadonlyMap<string, QueueRow>) => {
    reserve(array);
    for (const slot of watch.add(array)) {
      const row = rows.get(slotId(array.name, slot.index));
      if (row) slot.job = `${row.job}_${row.index}`;
      else {
        // It has ended: its results count, and its failed actions are tried again.
        readSlotEvents(slot, submission);
        slot.over = { lost: null };
      }
      for (const action of actionsOf(slot)) if (row || hasMade(slot, action)) slots.set(action, slot);
    }
  };

  return {
    slotOf: (action) => slots.get(action),
    isCovered(action) {
      const slot = slots.get(action);
      return slot !== undefined && !slot.over && !slot.finished.has(action);
    },
    jobsBefore(groups) {
      const needed = new Set(groups.flatMap((group) => group.actions.flatMap((name) => needs.get(name) ?? [])));
      const before = new Set<string>();
      for (const need of needed) {
        const slot = slots.get(need);
        const job = slot && jobs.get(slot.array.name);
        if (job !== undefined && !slot?.over) before.add(job);
      }
      return [...before];
    },
    nextNumber: () => next,
    reserve,
    add(array, job) {
      jobs.set(array.name, job);
      addArray(array);
    },
    addNew() {
      freshen(submission.folder);
      for (const array of readArrays(submission, next)) addArray(array);
    },
    addEarlier(live) {
      for (const row of live) jobs.set(row.name, row.job);
      if (live.length > 0) freshen(submission.folder);
      const rows = rowsBySlot(live);
      for (const array of readArrays(submission)) addEarlierArray(array, rows);
    },
  };
}
