/** Reads the state of slots from the output of squeue. Pure. */
import type { LossReason } from '../base/failure.ts';

/** The columns that squeue prints: a line for each slot. */
export const QUEUE_FORMAT = '%j|%F|%K|%T|%N|%S|%r';

export interface QueueRow {
  readonly name: string;
  /** The id of the whole array. */
  readonly job: string;
  readonly index: number;
  readonly state: string;
  readonly node: string | null;
  /** The time when it began, as Slurm prints it; null while it waits. */
  readonly since: string | null;
  readonly reason: string;
}

/**
 * The rows of jobs whose names begin with `prefix`. For the slots of an array that were cancelled while they waited,
 * squeue prints a row with N/A as their index. If other rows of the job have an index, that row is skipped; else it is
 * taken for the only slot.
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

/** Names a slot among all slots of a submission. */
export const slotId = (name: string, index: number): string => `${name} ${index}`;

/** Rows by `slotId`. A lost answer of sbatch may leave two jobs with the same name; the live row counts then. */
export function rowsBySlot(rows: readonly QueueRow[]): ReadonlyMap<string, QueueRow> {
  const bySlot = new Map<string, QueueRow>();
  for (const row of rows) {
    const id = slotId(row.name, row.index);
    if (isLive(row) || !bySlot.has(id)) bySlot.set(id, row);
  }
  return bySlot;
}

export type SlotState =
  /** In the queue; `reason` is Slurm's word for the cause. */
  | { readonly is: 'waiting'; readonly reason: string }
  | { readonly is: 'running' }
  /** Its process ended by itself, with success or failure. */
  | { readonly is: 'ended' }
  | { readonly is: 'lost'; readonly why: LossReason };

/** Reasons that never go away. Slurm kills a job whose dependency failed (`--kill-on-invalid-dep`), but not at once. */
const NEVER_STARTS = new Set([
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

export function slotState({ state, reason }: Pick<QueueRow, 'state' | 'reason'>): SlotState {
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
      if (NEVER_STARTS.has(reason)) return { is: 'lost', why: 'never-starts' };
      // A person who held a job (JobHeldUser, JobHeldAdmin) will release it; nobody releases a requeued job.
      if (/requeued.held/i.test(reason)) return { is: 'lost', why: 'held' };
      return { is: 'waiting', reason };
    case 'CONFIGURING':
      return { is: 'waiting', reason: 'Configuring' };
    default:
      // RUNNING, COMPLETING, SUSPENDED, STOPPED and the like: the slot has a node.
      return { is: 'running' };
  }
}

/** Whether Slurm runs it, or may still do so. */
export function isLive(row: Pick<QueueRow, 'state' | 'reason'>): boolean {
  const state = slotState(row);
  return state.is === 'waiting' || state.is === 'running' || row.state === 'PENDING';
}
