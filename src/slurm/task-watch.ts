/** One task of a job array as it is watched: what Slurm says of it, and what it says itself. */

import type { ActionName } from '../base/action-name.ts';
import type { Loss } from '../base/failure.ts';
import { freshen } from '../files/nfs.ts';
import type { ActionFinished, RemoteTrouble } from '../history/event.ts';
import { type ActionEvent, readEvents } from './event-file.ts';
import { type QueueRow, type TaskState, taskState } from './job-state.ts';
import { eventsPath, type JobArray, type Submission } from './submission.ts';

export interface WatchedTask {
  readonly array: JobArray;
  readonly index: number;
  /** As Slurm names it. */
  job: string;
  node: string | null;
  since: string | null;
  /** Slurm's own word for where it stands. */
  said: string;
  state: TaskState;
  /** Nothing more will come from it; where `lost` is not null, it ended without saying so itself. */
  over: { readonly lost: Loss | null } | undefined;
  /** Of each action, what it said and nobody has taken yet. */
  readonly unread: Map<ActionName, ActionEvent[]>;
  /** What it said it had begun. */
  readonly begun: Set<ActionName>;
  readonly finished: Map<ActionName, ActionFinished>;
  /** Its troubles with the remote cache that nobody has taken yet. */
  troubles: RemoteTrouble[];
  /** Where in its file the next line begins. */
  offset: number;
  /** In how many polls on end it was over for Slurm, and had not said so. */
  doubts: number;
}

export const watchedTask = (array: JobArray, index: number): WatchedTask => ({
  array,
  index,
  job: '',
  node: null,
  since: null,
  said: '',
  state: { is: 'waiting', reason: '' },
  over: undefined,
  unread: new Map(),
  begun: new Set(),
  finished: new Map(),
  troubles: [],
  offset: 0,
  doubts: 0,
});

/** Whether it was at work on others when it ended, and not yet on this one: then they are to blame. */
export const endedByOthers = ({ begun, finished }: WatchedTask, action: ActionName): boolean =>
  !begun.has(action) && [...begun].some((one) => !finished.has(one));

export const actionsOf = ({ array, index }: WatchedTask): readonly ActionName[] => array.groups[index]?.actions ?? [];

/** Its last words may take a moment to be seen from another host. */
const DOUBTS = 2;

/** Takes in what is new of a task. `row` is undefined where Slurm does not know it. Whether anything was new. */
export function update(
  task: WatchedTask,
  submission: Submission,
  row: QueueRow | undefined,
  isArrayKnown: boolean,
): boolean {
  const before = task.state.is;
  const heard = look(task, submission, row, isArrayKnown);
  if (!task.over && (task.state.is === 'lost' || task.state.is === 'ended')) {
    task.doubts++;
    if (task.doubts === 1) freshen(submission.folder);
    else if (task.doubts > DOUBTS) task.over = { lost: task.state.is === 'lost' ? task.state.why : 'crashed' };
  } else {
    task.doubts = 0;
  }
  return heard || task.over !== undefined || task.state.is !== before;
}

/** What Slurm and the task itself say, and no conclusion. Whether the task said anything. */
export function look(
  task: WatchedTask,
  submission: Submission,
  row: QueueRow | undefined,
  isArrayKnown: boolean,
): boolean {
  if (row) {
    task.job = `${row.job}_${row.index}`;
    task.node = row.node ?? task.node;
    task.since = row.since ?? task.since;
    task.said = row.state === 'PENDING' ? row.reason : row.state;
    task.state = taskState(row);
    return task.state.is === 'waiting' ? false : hear(task, submission);
  }
  const heard = hear(task, submission);
  if (task.state.is !== 'lost') {
    // One that was cancelled before it began is gone from the queue at once, the others of its array are not.
    const cancelled = isArrayKnown && task.state.is === 'waiting' && task.offset === 0;
    task.state = { is: 'lost', why: cancelled ? 'cancelled' : 'vanished' };
  }
  return heard;
}

/** Reads what the task said since. */
export function hear(task: WatchedTask, submission: Submission): boolean {
  const { lines, end } = readEvents(eventsPath(submission, task.array.number, task.index), task.offset);
  task.offset = end;
  for (const line of lines) {
    if (line.type === 'task-ended') {
      task.over = { lost: null };
      continue;
    }
    if (line.type === 'result-made') continue;
    if (line.type === 'remote-trouble') {
      task.troubles.push(line);
      continue;
    }
    const unread = task.unread.get(line.action);
    if (unread) unread.push(line);
    else task.unread.set(line.action, [line]);
    if (line.type === 'action-started') task.begun.add(line.action);
    if (line.type === 'action-finished') task.finished.set(line.action, line);
  }
  return lines.length > 0;
}
