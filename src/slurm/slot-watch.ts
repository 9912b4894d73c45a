/** Watches a slot, which is a task of a job array: combines its state in Slurm's queue with the events that it writes. */

import type { ActionName } from '../base/action-name.ts';
import type { LossReason } from '../base/failure.ts';
import { freshen } from '../files/nfs.ts';
import type { ActionFinished, RemoteTrouble } from '../history/event.ts';
import { type ActionEvent, readEvents } from './event-file.ts';
import { type QueueRow, type SlotState, slotState } from './job-state.ts';
import { eventsPath, type JobArray, type Submission } from './submission.ts';

export interface WatchedSlot {
  readonly array: JobArray;
  readonly index: number;
  /** Its name in Slurm: `41_0`. */
  job: string;
  node: string | null;
  since: string | null;
  /** Slurm's own word for its state, or for the reason why it waits. */
  slurmState: string;
  state: SlotState;
  /** Set when no more events will come; `lost` is null if the slot wrote its last event, which says so. */
  over: { readonly lost: LossReason | null } | undefined;
  /** The events of each action that nobody has taken yet. */
  readonly unread: Map<ActionName, ActionEvent[]>;
  readonly begun: Set<ActionName>;
  readonly finished: Map<ActionName, ActionFinished>;
  /** Its troubles with the remote cache that nobody has taken yet. */
  troubles: RemoteTrouble[];
  /** The offset of the next line in its event file, in bytes. */
  offset: number;
  /** The number of polls in a row in which Slurm said that it had ended, and its last event was missing. */
  pollsWithoutEnd: number;
}

export const watchedSlot = (array: JobArray, index: number): WatchedSlot => ({
  array,
  index,
  job: '',
  node: null,
  since: null,
  slurmState: '',
  state: { is: 'waiting', reason: '' },
  over: undefined,
  unread: new Map(),
  begun: new Set(),
  finished: new Map(),
  troubles: [],
  offset: 0,
  pollsWithoutEnd: 0,
});

export const actionsOf = ({ array, index }: WatchedSlot): readonly ActionName[] => array.groups[index]?.actions ?? [];

/** Whether the slot has made the action's result. */
export function hasMade({ finished }: WatchedSlot, action: ActionName): boolean {
  const outcome = finished.get(action)?.outcome;
  return outcome === 'executed' || outcome === 'reused';
}

/** Whether the slot was executing other actions when it ended, and had not begun this action: so they are to blame. */
export const endedInAnotherAction = ({ begun, finished }: WatchedSlot, action: ActionName): boolean =>
  !begun.has(action) && [...begun].some((other) => !finished.has(other));

/** The last events of a slot may take this many polls to arrive from another host. */
const MOST_POLLS_WITHOUT_END = 2;

/** Slurm's knowledge of a slot. */
export interface SlotInQueue {
  /** Undefined if the slot is not in the queue. */
  readonly row: QueueRow | undefined;
  /** Whether other slots of its array are in the queue. */
  readonly isArrayKnown: boolean;
}

/** Updates a slot, and decides whether it is over. Returns whether anything changed. */
export function updateSlot(slot: WatchedSlot, submission: Submission, inQueue: SlotInQueue): boolean {
  const before = slot.state.is;
  const hasEvents = readState(slot, submission, inQueue);
  if (!slot.over && (slot.state.is === 'lost' || slot.state.is === 'ended')) {
    slot.pollsWithoutEnd++;
    if (slot.pollsWithoutEnd === 1) freshen(submission.folder);
    else if (slot.pollsWithoutEnd > MOST_POLLS_WITHOUT_END) {
      slot.over = { lost: slot.state.is === 'lost' ? slot.state.why : 'crashed' };
    }
  } else {
    slot.pollsWithoutEnd = 0;
  }
  return hasEvents || slot.over !== undefined || slot.state.is !== before;
}

/** Takes in the state from the queue and the events, without a conclusion. Returns whether there were new events. */
export function readState(slot: WatchedSlot, submission: Submission, { row, isArrayKnown }: SlotInQueue): boolean {
  if (row) {
    slot.job = `${row.job}_${row.index}`;
    slot.node = row.node ?? slot.node;
    slot.since = row.since ?? slot.since;
    slot.slurmState = row.state === 'PENDING' ? row.reason : row.state;
    slot.state = slotState(row);
    return slot.state.is === 'waiting' ? false : readSlotEvents(slot, submission);
  }
  const hasEvents = readSlotEvents(slot, submission);
  if (slot.state.is !== 'lost') {
    // A slot that is cancelled before it began leaves the queue at once, while the others of its array stay.
    const isCancelled = isArrayKnown && slot.state.is === 'waiting' && slot.offset === 0;
    slot.state = { is: 'lost', why: isCancelled ? 'cancelled' : 'vanished' };
  }
  return hasEvents;
}

/** Reads the slot's new events. Returns whether there were any. */
export function readSlotEvents(slot: WatchedSlot, submission: Submission): boolean {
  const { lines, end } = readEvents(eventsPath(submission, slot.array.number, slot.index), slot.offset);
  slot.offset = end;
  for (const line of lines) {
    if (line.type === 'task-ended') slot.over = { lost: null };
    else if (line.type === 'remote-trouble') slot.troubles.push(line);
    else if (line.type !== 'result-made') addActionEvent(slot, line);
  }
  return lines.length > 0;
}

function addActionEvent({ unread, begun, finished }: WatchedSlot, event: ActionEvent): void {
  const events = unread.get(event.action);
  if (events) events.push(event);
  else unread.set(event.action, [event]);
  if (event.type === 'action-started') begun.add(event.action);
  if (event.type === 'action-finished') finished.set(event.action, event);
}
