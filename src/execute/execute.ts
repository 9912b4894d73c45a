/** Executes an action: in a worker or a shell, with its timeout and retries. */

import { type ActionFailure, fileSystemFailure, type TimedOut } from '../base/failure.ts';
import { err, type Result } from '../base/result.ts';
import { stopwatch } from '../base/time.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Prepared } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import type { Store } from '../store/open.ts';
import type { LogLine, StoredResult } from '../store/result.ts';
import type { Network } from '../task/define.ts';
import { aboutCode } from './about-code.ts';
import { keepLog } from './action-log.ts';
import { INTERRUPTED, type Job, type Made } from './job.ts';
import { machineMemory, watchMemory } from './memory.ts';
import { withNetwork } from './network.ts';
import { failureInPlainNames, plainNames } from './plain-names.ts';
import type { Ears } from './run-task.ts';
import type { Room, Rooms } from './scratch-folders.ts';
import { type StagedInputs, stageInputs } from './stage-inputs.ts';
import { keepMade } from './store-outputs.ts';
import { timeLimit, whenTimeIsUp } from './time-limit.ts';
import { watchInputs } from './watch-inputs.ts';
import type { WorkerPool } from './worker-pool.ts';

export type Executed =
  | { readonly ok: true; readonly result: StoredResult }
  | { readonly ok: false; readonly failure: ActionFailure; readonly log: readonly LogLine[] };

/** Where the actions of a run are executed. */
export interface Workplace {
  readonly pool: WorkerPool;
  readonly rooms: Rooms;
  /** Begins an action that uses the network; counts the others of its step that the run has yet to begin. */
  yetToBegin(action: Action): Promise<number>;
}

export async function execute(
  action: Action,
  prepared: Prepared,
  session: Session,
  workplace: Workplace,
  ears: Ears,
  shareFree: () => void,
): Promise<Executed> {
  const memory = watchMemory();
  const [wanted, all] = [action.step.resources.memory ?? 0, machineMemory()];
  if (wanted > all) {
    const message = `it asks for ${gigabytes(wanted)} of memory and there are ${gigabytes(all)}: nothing else runs beside it, and it may run out`;
    ears.log({ level: 'warning', message });
  }
  try {
    return await attempts(action, prepared, session, workplace, ears, memory.peak, shareFree);
  } finally {
    memory.stop();
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

async function attempts(
  action: Action,
  prepared: Prepared,
  session: Session,
  workplace: Workplace,
  ears: Ears,
  peakMemory: () => number,
  shareFree: () => void,
): Promise<Executed> {
  const { store, loaded } = session;
  const { rooms, yetToBegin } = workplace;
  const started = new Date();
  const elapsed = stopwatch();
  const { retries, task } = action.step;
  for (let attempt = 0; ; attempt++) {
    const log = keepLog(ears.log);
    const room = rooms.take();
    let leave: (room: Room) => void = rooms.drop;
    const plain = plainNames(room, prepared.inputs, loaded.folder);
    const own: Ears = { ...ears, log: (line) => log.add({ ...line, message: plain(line.message) }) };
    const attempted: Attempt = { action, prepared, session, workplace, room };
    const once = (network?: Network) => attemptOnce(attempted, network, own);
    try {
      const watched = await watchInputs(prepared, session);
      if (!watched.ok) return { ok: false, failure: watched.error, log: log.lines() };
      const made = await (action.step.interface.network
        ? withNetwork(prepared.preimage, store, own, () => yetToBegin(action), once)
        : once());
      const took = () => ({
        started: started.toISOString(),
        milliseconds: elapsed(),
        ...(task.kind === 'module' ? { peakMemory: peakMemory() } : {}),
      });
      const changed = await watched.value();
      // The reason for whatever else came of it, such as "it is cut off"; another attempt would not be under this key.
      if (changed && !ears.signal.aborted) return { ok: false, failure: changed, log: log.lines() };
      const kept =
        made.ok && !changed
          ? await keepMade(action, prepared, store, made.value, log.lines(), took, shareFree)
          : err(made.ok ? INTERRUPTED : failureInPlainNames(made.error, plain));
      if (kept.ok) {
        leave = rooms.giveBack;
        return { ok: true, result: kept.value };
      }
      // What ended well and could not be kept has given its share back: no other attempt.
      if (made.ok || attempt >= retries || ears.signal.aborted)
        return { ok: false, failure: kept.error, log: log.lines() };
      ears.log({ level: 'warning', message: `attempt ${attempt + 1} of ${retries + 1} failed, trying again` });
    } catch (error) {
      const failure = fileSystemFailure(error);
      if (!failure) throw error;
      return { ok: false, failure, log: log.lines() };
    } finally {
      leave(room);
    }
  }
}

interface Attempt {
  readonly action: Action;
  readonly prepared: Prepared;
  readonly session: Session;
  readonly workplace: Workplace;
  readonly room: Room;
}

async function attemptOnce(
  attempt: Attempt,
  network: Network | undefined,
  ears: Ears,
): Promise<Result<Made, ActionFailure>> {
  const { step } = attempt.action;
  const timeout = new AbortController();
  let timedOut: TimedOut | undefined;
  const stopTimer = whenTimeIsUp(step, (failure) => {
    timedOut = failure;
    timeout.abort();
  });
  const signal = timeLimit(step) ? AbortSignal.any([ears.signal, timeout.signal]) : ears.signal;
  try {
    const ended = await perform(attempt, network, { ...ears, signal });
    // Also where it ended well: told to stop, it may have left its outputs half written.
    if (ears.signal.aborted) return err(INTERRUPTED);
    return timedOut ? err(timedOut) : ended;
  } finally {
    stopTimer();
  }
}

async function perform(
  { action, prepared, session, workplace, room }: Attempt,
  network: Network | undefined,
  ears: Ears,
): Promise<Result<Made, ActionFailure>> {
  const { loaded, store } = session;
  const { pool, rooms } = workplace;
  const inputs = stageInputs(prepared.inputs, room.inputs);
  if (action.step.task.kind === 'shell') {
    await rooms.watch();
    const { performShell } = await import('./shell.ts');
    return performShell({ action, inputs, room, folder: loaded.folder }, ears);
  }
  const job = jobOf(action, inputs, loaded, store, room);
  if (job.hasPackages || aboutCode(job.code).mayStartPrograms) await rooms.watch();
  return pool.perform({ ...job, ...(network && { network }) }, ears);
}

export function jobOf(action: Action, inputs: StagedInputs, { code }: LoadedPipeline, store: Store, room: Room): Job {
  const { task, interface: declared } = action.step;
  const loaded = task.kind === 'module' ? code[task.uses] : undefined;
  if (loaded === undefined) throw new Error(`no code for ${action.name}`);
  return {
    action: action.name,
    code: { path: store.code(loaded.loadable), digest: loaded.loadable },
    interface: declared,
    params: action.params,
    inputs,
    room,
    hasPackages: loaded.packages.length > 0,
  };
}
