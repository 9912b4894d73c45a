/** Executes an action for a run, with its timeout and retries: its task in a worker thread, a shell step in bash. */

import { type ActionFailure, fileSystemFailure, type TimedOut } from '../base/failure.ts';
import { err, type Result } from '../base/result.ts';
import { stopwatch } from '../base/time.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Prepared } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import type { LogLine, StoredResult } from '../store/result.ts';
import type { Network } from '../task/define.ts';
import { collectLog } from './action-log.ts';
import { inspectCode } from './inspect-code.ts';
import { INTERRUPTED, jobOf, type TaskOutputs } from './job.ts';
import { machineMemory, watchMemory } from './memory.ts';
import { withNetwork } from './network.ts';
import { failureInPlainNames, plainNames } from './plain-names.ts';
import type { ActionHooks } from './run-task.ts';
import type { ScratchFolder, ScratchFolders } from './scratch-folders.ts';
import { stageInputs } from './stage-inputs.ts';
import { storeOutputs } from './store-outputs.ts';
import { timeLimit, whenTimeIsUp } from './time-limit.ts';
import { watchInputs } from './watch-inputs.ts';
import type { WorkerPool } from './worker-pool.ts';

export type Executed =
  | { readonly ok: true; readonly result: StoredResult }
  | { readonly ok: false; readonly failure: ActionFailure; readonly log: readonly LogLine[] };

/** The threads and folders of this process that the actions of a run share. */
export interface LocalExecutor {
  readonly pool: WorkerPool;
  readonly scratchFolders: ScratchFolders;
  /** Marks an action that uses the network as begun; counts the actions of its step that the run has yet to begin. */
  beginAndCountOthers(action: Action): Promise<number>;
}

/** An action to execute, and everything that this takes. */
export interface Execution {
  readonly action: Action;
  readonly prepared: Prepared;
  readonly session: Session;
  readonly executor: LocalExecutor;
  readonly hooks: ActionHooks;
  /** Called when the action waits only for the disk, so that another action may have this share of the machine. */
  releaseShare(): void;
}

/** How long the action has taken since its first attempt began, and its memory. */
type Cost = Pick<StoredResult, 'started' | 'milliseconds' | 'peakMemory'>;

/** Executes an action and stores its result. Failures are returned, not thrown. */
export async function executeFromMainThread(execution: Execution): Promise<Executed> {
  const { step } = execution.action;
  warnOfScarceMemory(execution);
  const memory = watchMemory();
  const started = new Date().toISOString();
  const elapsed = stopwatch();
  const cost = (): Cost => ({
    started,
    milliseconds: elapsed(),
    ...(step.task.kind === 'module' ? { peakMemory: memory.peak() } : {}),
  });
  try {
    for (let attempt = 1; ; attempt++) {
      const { executed, isRetriable } = await attemptFromMainThread(execution, cost);
      if (!isRetriable || attempt > step.retries || execution.hooks.signal.aborted) return executed;
      const message = `attempt ${attempt} of ${step.retries + 1} failed, trying again`;
      execution.hooks.log({ level: 'warning', message });
    }
  } finally {
    memory.stop();
  }
}

function warnOfScarceMemory({ action, hooks }: Execution): void {
  const [wanted, all] = [action.step.resources.memory ?? 0, machineMemory()];
  if (wanted <= all) return;
  const message = `it asks for ${gigabytes(wanted)} of memory and there are ${gigabytes(all)}: nothing else runs beside it, and it may run out`;
  hooks.log({ level: 'warning', message });
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

interface Attempted {
  readonly executed: Executed;
  readonly isRetriable: boolean;
}

/** Executes an action once, in a scratch folder of its own. */
async function attemptFromMainThread(execution: Execution, cost: () => Cost): Promise<Attempted> {
  const { action, prepared, session, executor, hooks } = execution;
  const { scratchFolders } = executor;
  const scratch = scratchFolders.take();
  const plain = plainNames(scratch, prepared.inputs, session.loaded.folder);
  const log = collectLog(hooks.log);
  const plainHooks = { ...hooks, log: (line: LogLine) => log.add({ ...line, message: plain(line.message) }) };
  const failed = (failure: ActionFailure, isRetriable = false): Attempted => ({
    executed: { ok: false, failure, log: log.lines() },
    isRetriable,
  });

  let discard: (scratch: ScratchFolder) => void = scratchFolders.drop;
  try {
    const watched = await watchInputs(prepared, session);
    if (!watched.ok) return failed(watched.error);
    const start = (network?: Network) =>
      startWithinTimeLimit({ ...execution, hooks: plainHooks, scratch, ...(network && { network }) });
    const outputs = await (action.step.interface.network
      ? withNetwork(prepared.preimage, session.store, plainHooks, {
          countOthers: () => executor.beginAndCountOthers(action),
          attempt: start,
        })
      : start());
    const changed = await watched.value();
    // Report a changed input first: it explains any other failure. A retry would have a key that no longer fits its inputs.
    if (changed) return failed(hooks.signal.aborted ? interruptedOr(outputs, plain) : changed);
    if (!outputs.ok) return failed(failureInPlainNames(outputs.error, plain), true);
    const stored = await storeOutputs(execution, outputs.value, { log: log.lines(), cost });
    // No retry when storing failed: the share of the machine may be released already.
    if (!stored.ok) return failed(stored.error);
    discard = scratchFolders.giveBack;
    return { executed: { ok: true, result: stored.value }, isRetriable: false };
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (!failure) throw error;
    return failed(failure);
  } finally {
    discard(scratch);
  }
}

const interruptedOr = (outputs: Result<TaskOutputs, ActionFailure>, plain: (text: string) => string): ActionFailure =>
  outputs.ok ? INTERRUPTED : failureInPlainNames(outputs.error, plain);

interface Attempt extends Execution {
  readonly scratch: ScratchFolder;
  /** For a task that declares to use the network. */
  readonly network?: Network;
}

async function startWithinTimeLimit(attempt: Attempt): Promise<Result<TaskOutputs, ActionFailure>> {
  const { action, hooks } = attempt;
  const timeout = new AbortController();
  let timedOut: TimedOut | undefined;
  const stopTimer = whenTimeIsUp(action.step, (failure) => {
    timedOut = failure;
    timeout.abort();
  });
  const signal = timeLimit(action.step) ? AbortSignal.any([hooks.signal, timeout.signal]) : hooks.signal;
  try {
    const outputs = await startInWorkerOrShell({ ...attempt, hooks: { ...hooks, signal } });
    // Ignore outputs too: a task that was told to stop may have left them half written.
    if (hooks.signal.aborted) return err(INTERRUPTED);
    return timedOut ? err(timedOut) : outputs;
  } finally {
    stopTimer();
  }
}

async function startInWorkerOrShell(attempt: Attempt): Promise<Result<TaskOutputs, ActionFailure>> {
  const { action, prepared, session, executor, hooks, scratch, network } = attempt;
  const { pool, scratchFolders } = executor;
  const inputs = stageInputs(prepared.inputs, scratch.inputs);
  if (action.step.task.kind === 'shell') {
    await scratchFolders.endProcessesWithRun();
    const { runShellFromMainThread } = await import('./shell.ts');
    return runShellFromMainThread({ action, inputs, scratch, folder: session.loaded.folder }, hooks);
  }
  const job = jobOf({ action, inputs, scratch }, session);
  if (job.hasPackages || inspectCode(job.code).mayStartPrograms) await scratchFolders.endProcessesWithRun();
  return pool.runInWorkerThread({ ...job, ...(network && { network }) }, hooks);
}
