/** Finds the submission of a session whose jobs live already, or makes a new submission. Call it under the pipeline's claim. */

import { rmSync } from 'node:fs';
import { ENGINE } from '../base/build.ts';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { freshen } from '../files/nfs.ts';
import type { Session } from '../plan/session.ts';
import { isLive, type QueueRow } from './job-state.ts';
import { knownFiles } from './known-files.ts';
import { askPatiently, type Patience } from './patient-slurm.ts';
import type { Slurm } from './slurm.ts';
import {
  digestOfWork,
  jobPrefix,
  newSubmissionName,
  ofOwner,
  readSubmissions,
  type Submission,
  type SubmissionOwner,
  submissionOf,
  submissionsFolder,
  writeSnapshot,
  writeSubmissions,
} from './submission.ts';

export interface OpenedSubmission {
  readonly submission: Submission;
  /** Its slots that wait or run. */
  readonly live: readonly QueueRow[];
  /** Slots of its owner's other submissions of this pipeline that wait or run. */
  readonly others: readonly QueueRow[];
}

/**
 * Joins a submission while a job of it lives. After that a new submission begins, since all results are in the store; it
 * removes the earlier submissions of the pipeline and its owner whose jobs have all ended.
 */
export async function openSubmission(
  session: Session,
  slurm: Pick<Slurm, 'queue'>,
  owner: SubmissionOwner,
  patience: Patience,
): Promise<Result<OpenedSubmission, RunFailure>> {
  const { request, store, loaded, graph, targets, memo } = session;
  const queue = await askPatiently(() => slurm.queue('groundproof-'), patience);
  if (!queue.ok) return queue;
  const rows = queue.value.filter(isLive);
  const liveOf = (name: string) => rows.filter((row) => row.name.startsWith(jobPrefix({ name })));
  const of = digestOfWork(session);

  freshen(submissionsFolder(store));
  const listed = readSubmissions(store, request.pipeline);
  const owned = ofOwner(listed, owner);
  const living = owned.filter(({ name }) => liveOf(name).length > 0);
  const same = living.findLast((earlier) => earlier.of === of);
  const others = living.filter((earlier) => earlier !== same).flatMap(({ name }) => liveOf(name));
  if (same) return ok({ submission: submissionOf(store, same.name), live: liveOf(same.name), others });

  const began = new Date().toISOString();
  const name = newSubmissionName(of);
  const submission = submissionOf(store, name);
  const { signatures: _, trail: _found, ...checked } = loaded;
  const files = await knownFiles(graph, loaded.folder, memo);
  writeSnapshot(submission, { engine: ENGINE, began, request, loaded: checked, targets: [...targets], files });
  const ended = owned.filter((earlier) => !living.includes(earlier));
  const removed = ended.filter((earlier) => removeSubmission(submissionOf(store, earlier.name)));
  const left = listed.filter((earlier) => !removed.includes(earlier));
  writeSubmissions(store, request.pipeline, [...left, { name, of, began, owner }]);
  return ok({ submission, live: [], others });
}

/** Returns false if a file of it is still open on another machine (NFS); the next submission tries again. */
function removeSubmission({ folder }: Submission): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EBUSY') return false;
    throw error;
  }
}
