/** What squeue says of a task, in the few words that matter here. Pure. */
import type { Loss } from '../base/failure.ts';

/** What squeue is asked for: a line for each task of an array. */
export const QUEUE_FORMAT = '%j|%F|%K|%T|%N|%S|%r';

export interface QueueRow {
  readonly name: string;
  /** Of the whole array. */
  readonly job: string;
  readonly index: number;
  readonly state: string;
  readonly node: string | null;
  /** When it began, as Slurm prints it; null while it waits. */
  readonly since: string | null;
  readonly reason: string;
}

/**
 * The rows of jobs whose names begin so; other jobs may be named anything. Where the part of an array that waited was
 * cancelled there is no number but N/A: that is the only task, or none where others of the job have numbers.
 */
export function parseQueue(text: string, prefix: string): readonly QueueRow[] {
  const lines = text.split('\n').filter((line) => line.startsWith(prefix));
  const numbered = new Set<string>();
  const rows = lines.map((line) => {
    const [name = '', job = '', index = '', state = '', node = '', since = '', ...reason] = line.split('|');
    const hasNumber = /^\d+$/.test(index);
    if (hasNumber) numbered.add(job);
    const row = {
      name,
      job,
      index: hasNumber ? Number(index) : 0,
      state,
      node: node === '' ? null : node,
      since: since === '' || since === 'N/A' || state === 'PENDING' ? null : since,
      reason: reason.join('|'),
    };
    return { row, hasNumber };
  });
  return rows.flatMap(({ row, hasNumber }) => (hasNumber || !numbered.has(row.job) ? [row] : []));
}

/** Names a task among all of a submission. */
export const taskId = (name: string, index: number): string => `${name} ${index}`;

/** By `taskId`; of two with one name, as a lost answer of Slurm's may leave, the one that lives. */
export function rowsByTask(rows: readonly QueueRow[]): ReadonlyMap<string, QueueRow> {
  const byTask = new Map<string, QueueRow>();
  for (const row of rows) {
    const id = taskId(row.name, row.index);
    if (isLive(row) || !byTask.has(id)) byTask.set(id, row);
  }
  return byTask;
}

export type TaskState =
  /** In the queue; `reason` is Slurm's word for why it has not begun. */
  | { readonly is: 'waiting'; readonly reason: string }
  | { readonly is: 'running' }
  /** Its process ended by itself, one way or another. */
  | { readonly is: 'ended' }
  | { readonly is: 'lost'; readonly why: Loss };

/** Waiting for what will not come. A job whose dependency failed is killed (`--kill-on-invalid-dep`), if not at once. */
const NEVER = new Set([
  'DependencyNeverSatisfied',
  'PartitionConfig',
  'PartitionNodeLimit',
  'PartitionTimeLimit',
  'BadConstraints',
  'InvalidAccount',
  'InvalidQOS',
  'AccountNotAllowed',
  'QOSNotAllowed',
  'AssocMaxCpuPerJobLimit',
  'AssocMaxMemPerJob',
  'AssocMaxWallDurationPerJobLimit',
  'QOSMaxCpuPerJobLimit',
  'QOSMaxMemoryPerJob',
  'QOSMaxWallDurationPerJobLimit',
]);

export function taskState({ state, reason }: Pick<QueueRow, 'state' | 'reason'>): TaskState {
  switch (state) {
    case 'COMPLETED':
    case 'FAILED':
      return { is: 'ended' };
    case 'TIMEOUT':
    case 'DEADLINE':
      return { is: 'lost', why: 'timed-out' };
    case 'OUT_OF_MEMORY':
      return { is: 'lost', why: 'out-of-memory' };
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
      return { is: 'lost', why: 'node-failed' };
    case 'PREEMPTED':
      return { is: 'lost', why: 'preempted' };
    case 'CANCELLED':
    case 'REVOKED':
      return { is: 'lost', why: 'cancelled' };
    case 'REQUEUE_HOLD':
    case 'SPECIAL_EXIT':
      return { is: 'lost', why: 'held' };
    case 'PENDING':
      if (NEVER.has(reason)) return { is: 'lost', why: 'never-starts' };
      // What a person held (JobHeldUser, JobHeldAdmin) a person will release; this nobody does.
      if (/requeued.held/i.test(reason)) return { is: 'lost', why: 'held' };
      return { is: 'waiting', reason };
    case 'CONFIGURING':
      return { is: 'waiting', reason: 'Configuring' };
    default:
      // RUNNING, COMPLETING, SUSPENDED, STOPPED and the like: it has a node.
      return { is: 'running' };
  }
}

/** Whether Slurm may still run it, or runs it. */
export function isLive(row: Pick<QueueRow, 'state' | 'reason'>): boolean {
  const state = taskState(row);
  return state.is === 'waiting' || state.is === 'running' || row.state === 'PENDING';
}
