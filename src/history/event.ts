/** What the core says while it works: the only thing it emits; reporters turn it into text. */

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
  /** How many at once; on a cluster as many as there are actions. */
  readonly jobs: number;
  readonly on: 'local' | 'slurm';
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
  readonly decision: 'execute' | 'reuse' | 'unknown';
  readonly why: readonly Cause[];
  /** Unknown because these have no outputs yet. */
  readonly waitsFor: readonly ActionName[];
  /** Unknown because it would fail before it could start. */
  readonly failure: ActionFailure | null;
}

/** Jobs were handed to a cluster, or found there, handed over by an earlier run. */
export interface JobsSubmitted {
  readonly type: 'jobs-submitted' | 'jobs-joined';
  readonly submission: string;
  /** Their ids, and how many tasks of each wait or run. */
  readonly jobs: readonly { readonly job: string; readonly tasks: number }[];
}

/** Something about the cluster that a person should know. */
interface ClusterWarning {
  readonly type: 'cluster-warning';
  readonly message: string;
}

/** A file of the project was changed while the run went on. */
export interface FileChanged {
  readonly type: 'file-changed';
  /** Relative to the pipeline's folder. */
  readonly path: string;
  /** What these made rests on what the file was before; none where it is the pipeline or a source of its tasks. */
  readonly actions: readonly ActionName[];
}

/** Another run uses `out/`, and this one waits for it. */
export interface OutBusy {
  readonly type: 'out-busy';
  readonly out: string;
  readonly pid: number;
  /** Null for this machine. */
  readonly host: string | null;
  /** The process was stopped, and somebody must continue or end it. */
  readonly stopped: boolean;
  /** Null where the other one has not said yet. */
  readonly run: string | null;
  readonly pipeline: string | null;
  readonly since: string | null;
}

/** Results in `out/` that are not of this run. */
export interface OutAlsoShows {
  readonly type: 'out-also-shows';
  readonly out: string;
  /** Actions that were shown by earlier runs, latest first. */
  readonly earlier: readonly { readonly run: string; readonly actions: readonly string[] }[];
  /** Actions that no step of the pipeline makes any more. */
  readonly leftovers: readonly string[];
}

/** The store had grown over its size, and results that no recent run used were dropped. */
export interface StoreFreed {
  readonly type: 'store-freed';
  readonly results: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly maxSize: number;
}

/** The remote cache was of no use, as a whole or for one action. The run goes on without it. */
export interface RemoteTrouble {
  readonly type: 'remote-trouble';
  /** Its address, which holds no credentials. */
  readonly url: string;
  readonly message: string;
}

/** All actions have ended, and the run waits for results that are being sent to the remote cache. */
export interface RemoteUpload {
  readonly type: 'remote-upload';
  readonly results: number;
  /** So many at most: what is there already is not sent. */
  readonly bytes: number;
  /** What is not sent after so long is left to the next run. */
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
  /** Path of the report: the `.html` that the last step that makes one made; null where there is none. */
  readonly report: string | null;
  readonly headline: Shown | null;
  /** What went to and came from the remote cache; null where none was asked. */
  readonly remote: Exchanged | null;
}

/** Nothing could be run, or, after `run-finished`, what was made could not be shown in `out/`. */
export interface RunFailed {
  readonly type: 'run-failed';
  readonly failure: RunFailure;
}

/** The last step's headline: its rows, for a step with `each` one or more for each recording. */
export interface Shown extends Headline {
  readonly step: string;
}

/** What went over the wire in a run. */
export interface Exchanged {
  /** Results taken from there, and stored there. */
  readonly taken: number;
  readonly stored: number;
  readonly bytesDown: number;
  readonly bytesUp: number;
}
