/** The submission of a session: the one whose jobs live already, or a new one. Held under the pipeline's claim. */

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
  type Owner,
  ofOwner,
  readListed,
  type Submission,
  submissionOf,
  submissionsFolder,
  writeListed,
  writeSnapshot,
} from './submission.ts';

export interface OpenedSubmission {
  readonly submission: Submission;
  /** Its tasks that wait or run; none of a new one. */
  readonly live: readonly QueueRow[];
  /** Tasks of its owner's other submissions of this pipeline that wait or run. */
  readonly others: readonly QueueRow[];
}

/**
 * A submission is joined as long as a job of it lives, and begun anew after that: what it made is in the store. Those
 * of the pipeline and its owner whose jobs have all ended are removed when a new one begins.
 */
export async function openSubmission(
  session: Session,
  slurm: Pick<Slurm, 'queue'>,
  owner: Owner,
  patience: Patience,
): Promise<Result<OpenedSubmission, RunFailure>> {
  const { request, store, loaded, graph, targets, memo } = session;
  const queue = await askPatiently(() => slurm.queue('groundproof-'), patience);
  if (!queue.ok) return queue;
  const rows = queue.value.filter(isLive);
  const liveOf = (name: string) => rows.filter((row) => row.name.startsWith(jobPrefix({ name })));
  const of = digestOfWork(session);

  freshen(submissionsFolder(store));
  const listed = readListed(store, request.pipeline);
  const own = ofOwner(listed, owner);
  const living = own.filter(({ name }) => liveOf(name).length > 0);
  const same = living.findLast((one) => one.of === of);
  const others = living.filter((one) => one !== same).flatMap(({ name }) => liveOf(name));
  if (same) return ok({ submission: submissionOf(store, same.name), live: liveOf(same.name), others });

  const began = new Date().toISOString();
  const name = newSubmissionName(of);
  const submission = submissionOf(store, name);
  const { signatures: _, trail: _found, ...checked } = loaded;
  const files = await knownFiles(graph, loaded.folder, memo);
  writeSnapshot(submission, { engine: ENGINE, began, request, loaded: checked, targets: [...targets], files });
  const ended = own.filter((one) => !living.includes(one));
  const removed = ended.filter((one) => isRemoved(submissionOf(store, one.name)));
  const left = listed.filter((one) => !removed.includes(one));
  writeListed(store, request.pipeline, [...left, { name, of, began, owner }]);
  return ok({ submission, live: [], others });
}

/** Removes what an ended submission left. Where a file of it is still open somewhere (NFS), the next one tries again. */
function isRemoved({ folder }: Submission): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EBUSY') return false;
    throw error;
  }
}
