/** What passes between the pool and a worker thread: one action to perform, and what came of it. */

import type { ActionFailure } from '../base/failure.ts';
import type { JsonObject } from '../base/json.ts';
import type { Digest } from '../files/digest.ts';
import type { Signature } from '../files/signature.ts';
import type { Headline, LogLine } from '../store/result.ts';
import type { TreeFile } from '../store/tree.ts';
import type { Network, TaskInterface } from '../task/define.ts';
import type { Room } from './scratch-folders.ts';

export interface Job {
  readonly action: string;
  /** The loadable module and its digest, checked before it is loaded. */
  readonly code: { readonly path: string; readonly digest: Digest };
  readonly interface: TaskInterface;
  readonly params: JsonObject;
  readonly inputs: { readonly [port: string]: JobInput };
  /** Empty folders of its own. */
  readonly room: Room;
  /** Whether the code needs npm packages, which stay loaded in a thread, with all that they remember. */
  readonly hasPackages: boolean;
  /** For a task that declares to use the network. */
  readonly network?: Network;
}

/** A path, null for an optional input that is absent, or one path for each recording. */
export type JobInput = string | null | readonly { readonly recording: string; readonly path: string | null }[];

/** A file as it was when it was hashed. */
export interface MadeFile extends TreeFile {
  readonly signature: Signature | undefined;
}

/** An output as it was made: a tree that is still in the scratch folder, and hashed. */
export interface MadeOutput {
  readonly kind: 'file' | 'folder';
  readonly path: string;
  /** Of the tree. */
  readonly digest: Digest;
  readonly extension: string;
  /** With their paths in the tree: of a file output that is one file with an empty path. */
  readonly files: readonly MadeFile[];
  readonly emptyFolders: readonly string[];
  /** Their paths are those on this machine. */
  readonly siblings: readonly (MadeFile & { readonly extension: string })[];
}

export interface Made {
  /** Null for an optional output that was not written. */
  readonly outputs: { readonly [port: string]: MadeOutput | null };
  readonly headline: Headline | null;
}

export type ToWorker = { readonly type: 'job'; readonly job: Job } | { readonly type: 'abort' };

export type FromWorker =
  | ({ readonly type: 'log' } & LogLine)
  | { readonly type: 'progress'; readonly fraction: number }
  | {
      readonly type: 'made';
      readonly made: Made;
      /** Whether the thread is as it was before. */
      readonly isTidy: boolean;
      /** Whether the task can have started programs. */
      readonly mayHaveChildren: boolean;
    }
  | { readonly type: 'failed'; readonly failure: ActionFailure };

/** What an action that Ctrl-C stopped is left with; it is reported as cancelled. */
export const INTERRUPTED: ActionFailure = { reason: 'worker-died', message: 'it was interrupted' };
