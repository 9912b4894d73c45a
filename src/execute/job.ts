/** Messages between the pool and a worker thread: an action to run, then its outputs or its failure. */

import type { ActionFailure } from '../base/failure.ts';
import type { JsonObject } from '../base/json.ts';
import type { Digest } from '../files/digest.ts';
import type { Signature } from '../files/signature.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Session } from '../plan/session.ts';
import type { Headline, LogLine } from '../store/result.ts';
import type { TreeFile } from '../store/tree.ts';
import type { Network, TaskInterface } from '../task/define.ts';
import type { ScratchFolder } from './scratch-folders.ts';
import type { StagedInputs } from './stage-inputs.ts';

export interface Job {
  readonly action: string;
  /** The loadable module and its digest, which is checked before loading. */
  readonly code: { readonly path: string; readonly digest: Digest };
  readonly interface: TaskInterface;
  readonly params: JsonObject;
  readonly inputs: { readonly [port: string]: JobInput };
  /** Empty folders for this job alone. */
  readonly scratch: ScratchFolder;
  /** Whether the code needs npm packages, which stay loaded in a thread together with their state. */
  readonly hasPackages: boolean;
  /** For a task that declares to use the network. */
  readonly network?: Network;
}

/** A path, null for an optional input that is absent, the paths of matching files, or a path for each recording. */
export type JobInput =
  | string
  | null
  | { readonly files: readonly string[] }
  | readonly { readonly recording: string; readonly path: string | null }[];

/** A file as it was when it was hashed. */
export interface OutputFile extends TreeFile {
  readonly signature: Signature | undefined;
}

/** An output that was hashed and is still in the scratch folder. */
export interface TaskOutput {
  readonly kind: 'file' | 'folder';
  readonly path: string;
  /** The digest of the tree of `files` and `emptyFolders`. */
  readonly digest: Digest;
  readonly extension: string;
  /** Paths are relative to `path`; a file output has a single file, whose path is empty. */
  readonly files: readonly OutputFile[];
  readonly emptyFolders: readonly string[];
  /** Files beside the output, such as a table's CSV; their paths are absolute. */
  readonly siblings: readonly (OutputFile & { readonly extension: string })[];
}

/** The outputs of an action, before they are stored. */
export interface TaskOutputs {
  /** Null for an optional output that was not written. */
  readonly outputs: { readonly [port: string]: TaskOutput | null };
  readonly headline: Headline | null;
}

export type ToWorker = { readonly type: 'job'; readonly job: Job } | { readonly type: 'abort' };

export type FromWorker =
  | ({ readonly type: 'log' } & LogLine)
  | { readonly type: 'progress'; readonly fraction: number }
  | {
      readonly type: 'made';
      readonly made: TaskOutputs;
      /** Whether the thread is unchanged, so that another job may have it. */
      readonly isTidy: boolean;
      /** Whether the task may have started programs. */
      readonly mayHaveChildren: boolean;
    }
  | { readonly type: 'failed'; readonly failure: ActionFailure };

/** The failure of an action that Ctrl-C stopped; the run reports that action as cancelled. */
export const INTERRUPTED: ActionFailure = { reason: 'worker-died', message: 'it was interrupted' };

/** The job of an action whose task is a module. */
export function jobOf(
  {
    action,
    inputs,
    scratch,
  }: { readonly action: Action; readonly inputs: StagedInputs; readonly scratch: ScratchFolder },
  { loaded, store }: Pick<Session, 'loaded' | 'store'>,
): Job {
  const { task, interface: declared } = action.step;
  const code = task.kind === 'module' ? loaded.code[task.uses] : undefined;
  if (code === undefined) throw new Error(`no code for ${action.name}`);
  return {
    action: action.name,
    code: { path: store.code(code.loadable), digest: code.loadable },
    interface: declared,
    params: action.params,
    inputs,
    scratch,
    hasPackages: code.packages.length > 0,
  };
}
