/** The events of the engine. It reports nothing in any other way; reporters turn events into text. */

import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure, RunFailure } from '../base/failure.ts';
import type { Headline, LogLine } from '../store/result.ts';
import type { Cause } from './cause.ts';

export type Event =
  | RunStarted
  | ActionStarted
  | ActionProgress
  | ActionLog
  | ActionFinished
  | ActionPlanned
  | JobsSubmitted
  | ClusterWarning
  | FileChanged
  | OutBusy
  | OutAlsoShows
  | StoreFreed
  | RemoteTrouble
  | RemoteUpload
  | RunFinished
  | RunFailed;

export type Emit = (event: Event) => void;

export interface RunStarted {
  readonly type: 'run-started';
  readonly run: string;
  readonly pipeline: string;
  /** Steps in the pipeline's order, with the number of their actions in this run. */
  readonly steps: readonly { readonly step: string; readonly actions: number; readonly seconds: number | null }[];
  /** The most actions at once; on a cluster the number of actions. */
  readonly jobs: number;
  readonly on: 'local' | 'slurm';
  /** The actions that `--skip` leaves out; missing if nothing is skipped. */
  readonly notSelected?: readonly ActionName[];
}

interface ActionStarted {
  readonly type: 'action-started';
  readonly action: ActionName;
  readonly why: readonly Cause[];
}

interface ActionProgress {
  readonly type: 'action-progress';
  readonly action: ActionName;
  /** 0 to 1. */
  readonly fraction: number;
}

interface ActionLog extends LogLine {
  readonly type: 'action-log';
  readonly action: ActionName;
}

interface Finished {
  readonly type: 'action-finished';
  readonly action: ActionName;
  readonly milliseconds: number;
}

export type ActionFinished =
  | (Finished & { readonly outcome: 'executed'; readonly why: readonly Cause[]; readonly warnings: readonly string[] })
  | (Finished & { readonly outcome: 'reused'; readonly warnings: readonly string[] })
  | (Finished & {
      readonly outcome: 'failed';
      readonly why: readonly Cause[];
      readonly failure: ActionFailure;
      readonly log: readonly LogLine[];
    })
  /** `by`: the failed actions that it waited for. */
  | (Finished & { readonly outcome: 'blocked'; readonly by: readonly ActionName[] })
  | (Finished & { readonly outcome: 'cancelled' });

export interface ActionPlanned {
  readonly type: 'action-planned';
  readonly action: ActionName;
  /** `not-selected`: left out by `--skip`. */
  readonly decision: 'execute' | 'reuse' | 'unknown' | 'not-selected';
  readonly why: readonly Cause[];
  /** The needs without outputs yet, which make the decision unknown. */
  readonly waitsFor: readonly ActionName[];
  /** The failure that keeps the action from starting, which makes the decision unknown. */
  readonly failure: ActionFailure | null;
}

/** Jobs were submitted to a cluster, or found there from an earlier run. */
export interface JobsSubmitted {
  readonly type: 'jobs-submitted' | 'jobs-joined';
  readonly submission: string;
  /** Ids of the jobs, and the number of array tasks of each that wait or run. */
  readonly jobs: readonly { readonly job: string; readonly tasks: number }[];
}

interface ClusterWarning {
  readonly type: 'cluster-warning';
  readonly message: string;
}

/** A file of the project was changed while the run went on. */
export interface FileChanged {
  readonly type: 'file-changed';
  /** Relative to the pipeline's folder. */
  readonly path: string;
  /** Actions that read the earlier content; empty if the file is the pipeline or a source of its tasks. */
  readonly actions: readonly ActionName[];
}

/** Another run uses `out/`, and this one waits for it. */
export interface OutBusy {
  readonly type: 'out-busy';
  readonly out: string;
  readonly pid: number;
  /** Null on this machine. */
  readonly host: string | null;
  /** The process is stopped (SIGSTOP, Ctrl-Z): somebody must continue or end it. */
  readonly stopped: boolean;
  /** Null until the other run has written the state of `out/`. */
  readonly run: string | null;
  readonly pipeline: string | null;
  readonly since: string | null;
}

/** Results in `out/` that are not of this run. */
export interface OutAlsoShows {
  readonly type: 'out-also-shows';
  readonly out: string;
  /** Actions that earlier runs put there, latest run first. */
  readonly earlier: readonly { readonly run: string; readonly actions: readonly string[] }[];
  /** Actions that no step of the pipeline makes any more. */
  readonly leftovers: readonly string[];
}

/** The store had grown above its size limit, so results that no recent run used were dropped. */
export interface StoreFreed {
  readonly type: 'store-freed';
  readonly results: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly maxSize: number;
}

/** The remote cache failed, as a whole or for a single action. The run goes on without it. */
export interface RemoteTrouble {
  readonly type: 'remote-trouble';
  /** The address of the cache; it holds no credentials. */
  readonly url: string;
  readonly message: string;
}

/** All actions have ended, and the run waits for results that are being sent to the remote cache. */
export interface RemoteUpload {
  readonly type: 'remote-upload';
  readonly results: number;
  /** An upper bound: content that the cache already has is not sent. */
  readonly bytes: number;
  /** The longest wait; the next run sends the rest. */
  readonly seconds: number;
}

export interface RunFinished {
  readonly type: 'run-finished';
  readonly run: string;
  readonly executed: number;
  readonly reused: number;
  readonly failed: number;
  readonly blocked: number;
  readonly cancelled: number;
  readonly milliseconds: number;
  readonly interrupted: boolean;
  readonly out: string;
  /** Path of the report: the `.html` of the last step that wrote such an output; null. */
  readonly report: string | null;
  readonly headline: StepHeadline | null;
  /** Traffic with the remote cache; null without a remote cache. */
  readonly remote: RemoteTraffic | null;
}

/** The run could not start, or, after `run-finished`, some results could not be shown in `out/`. */
export interface RunFailed {
  readonly type: 'run-failed';
  readonly failure: RunFailure;
}

/** The headline of a step, with the rows of all its actions. */
export interface StepHeadline extends Headline {
  readonly step: string;
}

export interface RemoteTraffic {
  /** Results that were downloaded (`taken`) and uploaded (`stored`). */
  readonly taken: number;
  readonly stored: number;
  readonly bytesDown: number;
  readonly bytesUp: number;
}
