/** What passes between the pool and a worker thread: one action to perform, and what came of it. */
import type { Digest } from '../cache/digest.ts';
import type { Signature } from '../cache/signature.ts';
import type { Headline, LogLine } from '../cache/stored-result.ts';
import type { ActionFailure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import type { Network, TaskInterface } from '../task/define.ts';

export interface Job {
  readonly action: string;
  /** The loadable module and its digest, checked before it is loaded. */
  readonly code: { readonly path: string; readonly digest: Digest };
  readonly interface: TaskInterface;
  readonly params: JsonObject;
  readonly inputs: { readonly [port: string]: JobInput };
  /** An empty folder of its own, in which the outputs are made. */
  readonly scratch: string;
  /** For a task that declares to use the network. */
  readonly network?: Network;
}

/** A path, null for an optional input that is absent, or one path for each recording. */
export type JobInput = string | null | readonly { readonly recording: string; readonly path: string | null }[];

/** A file as it was when it was hashed. */
export interface MadeFile {
  readonly path: string;
  readonly digest: Digest;
  /** None of a folder: its files have theirs. */
  readonly signature: Signature | undefined;
}

/** An output as it was made: still in the scratch folder, and hashed. */
export interface MadeOutput extends MadeFile {
  readonly kind: 'file' | 'folder';
  readonly extension: string;
  /** Of a folder: its files, with their paths in it. */
  readonly files: readonly MadeFile[];
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
  | { readonly type: 'made'; readonly made: Made }
  | { readonly type: 'failed'; readonly failure: ActionFailure };
