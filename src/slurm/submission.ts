/**
 * Submissions: what was handed to a cluster, as it was when it was handed over. A folder in the store holds all that its
 * jobs need (the checked pipeline, which actions each task has) and what they say, so that neither later edits nor the
 * end of the process that submitted it change anything. A list for each pipeline names its submissions.
 */
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import { ENGINE } from '../base/build.ts';
import { canonicalJson, type Json } from '../base/json.ts';
import { readRecord, writeRecord } from '../files/checked-json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import type { Request } from '../load/request.ts';
import type { Session } from '../plan/session.ts';
import type { StorePaths } from '../store/layout.ts';
import type { PlannedArray } from './arrays.ts';
import type { KnownFile } from './known-files.ts';

export interface Submission {
  /** Its jobs are named `groundproof-<name>-<number of the array>`. */
  readonly name: string;
  readonly folder: string;
}

/** What a job starts from. */
export interface Snapshot {
  readonly engine: string;
  readonly began: string;
  readonly request: Request;
  readonly loaded: Omit<LoadedPipeline, 'signatures' | 'trail'>;
  readonly targets: readonly ActionName[];
  readonly files: readonly KnownFile[];
}

/** An array as it was submitted, or was about to be. */
export interface JobArray extends PlannedArray {
  readonly number: number;
  /** In Slurm. */
  readonly name: string;
}

/** One of a pipeline's submissions, the newest last. */
export interface Listed {
  readonly name: string;
  /** What it is a submission of: two drivers that want the same find each other by it. */
  readonly of: Digest;
  readonly began: string;
  /** Whose jobs they are, and where: only they can see there whether the jobs live. */
  readonly owner: Owner;
}

export interface Owner {
  /** Their number. */
  readonly user: number;
  readonly cluster: string;
}

/** The caller, on the cluster that Slurm's commands speak to. */
export const ownerOn = ({ cluster }: Pick<Owner, 'cluster'>): Owner => ({ user: process.getuid?.() ?? 0, cluster });

/** Those of one owner; what others share the store is not theirs to judge. */
export const ofOwner = (listed: readonly Listed[], { user, cluster }: Owner): readonly Listed[] =>
  listed.filter(({ owner }) => owner.user === user && owner.cluster === cluster);

export const submissionsFolder = (store: Pick<StorePaths, 'root'>): string => join(store.root, 'submissions');

export const submissionOf = (store: Pick<StorePaths, 'root'>, name: string): Submission => ({
  name,
  folder: join(submissionsFolder(store), name),
});

/** What all of a submission's jobs have in front of their number. */
export const jobPrefix = ({ name }: Pick<Submission, 'name'>): string => `groundproof-${name}-`;

/** What a session would submit; two with the same digest would do the same work, whatever they do after a failure. */
export const digestOfWork = ({ request, loaded, store }: Session): Digest =>
  digestOf(
    canonicalJson({
      engine: ENGINE,
      store: realpathSync(store.root),
      file: realpathSync(request.pipeline),
      pipeline: loaded.pipeline,
      code: loaded.code,
      targets: request.targets,
      force: request.force,
    } as unknown as Json),
  );

/** A name that no other submission has, whose beginning says what it is of. */
export const newSubmissionName = (of: Digest): string => `${of.slice(0, 8)}-${randomBytes(3).toString('hex')}`;

export const writeSnapshot = ({ folder }: Submission, snapshot: Snapshot): void =>
  writeRecord(join(folder, 'snapshot.json'), snapshot);

export const readSnapshot = ({ folder }: Pick<Submission, 'folder'>): Snapshot | undefined =>
  readRecord<Snapshot>(join(folder, 'snapshot.json'));

/** Written before the array is submitted: a job that exists is one that is listed. */
export const writeArray = ({ folder }: Submission, array: JobArray): void =>
  writeRecord(arrayPath(folder, array.number), array);

export const readArray = ({ folder }: Pick<Submission, 'folder'>, number: number): JobArray | undefined =>
  readRecord<JobArray>(arrayPath(folder, number));

/** All arrays from this number on: they are numbered without gaps. */
export function readArrays(submission: Pick<Submission, 'folder'>, from = 0): readonly JobArray[] {
  const arrays: JobArray[] = [];
  for (let number = from; ; number++) {
    const array = readArray(submission, number);
    if (!array) return arrays;
    arrays.push(array);
  }
}

const arrayPath = (folder: string, number: number): string => join(folder, `${number}.json`);

export const eventsPath = ({ folder }: Pick<Submission, 'folder'>, array: number, index: number): string =>
  join(folder, `${array}-${index}.events`);

/** What the tasks of an array print, without the task's number and `.log`. */
export const logStem = ({ folder }: Submission, array: number): string => join(folder, String(array));

export const logPath = (submission: Submission, array: number, index: number): string =>
  `${logStem(submission, array)}-${index}.log`;

export const readListed = (store: StorePaths, pipeline: string): readonly Listed[] =>
  readRecord<{ readonly submissions: readonly Listed[] }>(listPath(store, pipeline))?.submissions ?? [];

export const writeListed = (store: StorePaths, pipeline: string, submissions: readonly Listed[]): void =>
  writeRecord(listPath(store, pipeline), { submissions });

/** Held while a pipeline's submissions are looked at and added to. */
export const submittingClaim = (store: StorePaths, pipeline: string): string =>
  store.claim(digestOf(`submitting ${realpathSync(pipeline)}`) as never);

/** The pipeline's file must exist. */
const listPath = (store: StorePaths, pipeline: string): string =>
  join(submissionsFolder(store), `${digestOf(realpathSync(pipeline))}.json`);
