/**
 * Submissions: the work that was handed to a cluster, in a folder of the store. The folder holds everything that the jobs
 * need, such as the checked pipeline and the actions of each slot, and the jobs' events. So neither later edits nor the
 * end of the submitting process change anything. A list for each pipeline names its submissions.
 */
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import { ENGINE } from '../base/build.ts';
import { canonicalJson, type Json } from '../base/json.ts';
import { readChecked, writeChecked } from '../files/checked-json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import { type Request, skipIfAny } from '../load/request.ts';
import type { Session } from '../plan/session.ts';
import { FOLDERS, type StorePaths } from '../store/layout.ts';
import type { PlannedArray } from './arrays.ts';
import type { KnownFile } from './known-files.ts';

export interface Submission {
  /** Its jobs are named `groundproof-<name>-<number of the array>`. */
  readonly name: string;
  readonly folder: string;
}

/** Everything that a job starts from. */
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
  /** Its job name in Slurm. */
  readonly name: string;
}

/** An entry in a pipeline's list of submissions, which has the newest last. */
export interface ListedSubmission {
  readonly name: string;
  /** The digest of its work, by which two drivers that want the same work find each other. */
  readonly of: Digest;
  readonly began: string;
  /** Only this user, on this cluster, can see whether the jobs live. */
  readonly owner: SubmissionOwner;
}

export interface SubmissionOwner {
  /** The user's id. */
  readonly user: number;
  readonly cluster: string;
}

/** The caller, on the cluster that Slurm's commands speak to. */
export const ownerOn = ({ cluster }: Pick<SubmissionOwner, 'cluster'>): SubmissionOwner => ({
  user: process.getuid?.() ?? 0,
  cluster,
});

/** The submissions of an owner; a shared store has those of other owners too. */
export const ofOwner = (
  listed: readonly ListedSubmission[],
  { user, cluster }: SubmissionOwner,
): readonly ListedSubmission[] => listed.filter(({ owner }) => owner.user === user && owner.cluster === cluster);

export const submissionsFolder = (store: Pick<StorePaths, 'root'>): string => join(store.root, FOLDERS.submissions);

export const submissionOf = (store: Pick<StorePaths, 'root'>, name: string): Submission => ({
  name,
  folder: join(submissionsFolder(store), name),
});

/** The job names of a submission, without the array's number. */
export const jobPrefix = ({ name }: Pick<Submission, 'name'>): string => `groundproof-${name}-`;

/** Sessions with the same digest would submit the same work. What they do after a failure does not count. */
export const digestOfWork = ({ request, loaded, store }: Session): Digest =>
  digestOf(
    canonicalJson({
      engine: ENGINE,
      store: realpathSync(store.root),
      file: realpathSync(request.pipeline),
      pipeline: loaded.pipeline,
      code: loaded.code,
      targets: request.targets,
      ...skipIfAny(request),
      force: request.force,
    } as unknown as Json),
  );

/** A name that no other submission has. Submissions of the same work share its first part. */
export const newSubmissionName = (of: Digest): string => `${of.slice(0, 8)}-${randomBytes(3).toString('hex')}`;

export const writeSnapshot = ({ folder }: Submission, snapshot: Snapshot): void =>
  writeChecked(join(folder, 'snapshot.json'), snapshot);

export const readSnapshot = ({ folder }: Pick<Submission, 'folder'>): Snapshot | undefined =>
  readChecked<Snapshot>(join(folder, 'snapshot.json'));

/** Call it before the array is submitted, so that every job that exists has its array here. */
export const writeArray = ({ folder }: Submission, array: JobArray): void =>
  writeChecked(arrayPath(folder, array.number), array);

export const readArray = ({ folder }: Pick<Submission, 'folder'>, number: number): JobArray | undefined =>
  readChecked<JobArray>(arrayPath(folder, number));

/** All arrays from this number on. Numbers have no gaps. */
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

/** The path of the logs of an array's slots, without the slot's index and `.log`. */
export const logStem = ({ folder }: Submission, array: number): string => join(folder, String(array));

export const logPath = (submission: Submission, array: number, index: number): string =>
  `${logStem(submission, array)}-${index}.log`;

export const readSubmissions = (store: StorePaths, pipeline: string): readonly ListedSubmission[] =>
  readChecked<{ readonly submissions: readonly ListedSubmission[] }>(listPath(store, pipeline))?.submissions ?? [];

export const writeSubmissions = (store: StorePaths, pipeline: string, submissions: readonly ListedSubmission[]): void =>
  writeChecked(listPath(store, pipeline), { submissions });

/** The claim to hold while reading and extending the list of a pipeline's submissions. */
export const submittingClaim = (store: StorePaths, pipeline: string): string =>
  store.claim(digestOf(`submitting ${realpathSync(pipeline)}`));

/** The pipeline's file must exist. */
const listPath = (store: StorePaths, pipeline: string): string =>
  join(submissionsFolder(store), `${digestOf(realpathSync(pipeline))}.json`);
