/** Submits a run's jobs and leaves them to themselves: a later run, or `groundwork status`, finds them again. */
import { fileSystemFailure, type RunFailure } from '../../failure.ts';
import { err, ok, type Result } from '../../result.ts';
import type { Emit } from '../event.ts';
import type { Request } from '../request.ts';
import { openSession, placeOfRun } from '../session.ts';
import { openCluster } from './cluster.ts';
import { slurm } from './slurm.ts';

/** Gives the submission's name; null where there is nothing to do. */
export async function submit(
  request: Request,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<string | null, RunFailure>> {
  try {
    const opened = await openSession(request);
    if (!opened.ok) return opened;
    const session = opened.value;
    try {
      if (placeOfRun(session) !== 'slurm') return err(NOWHERE_TO_LEAVE_IT);
      const cluster = await openCluster(session, slurm, emit, signal);
      if (!cluster.ok) return cluster;
      await cluster.value.close();
      return ok(cluster.value.submission?.name ?? null);
    } finally {
      session.memo.save();
      session.store.close();
    }
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}

const NOWHERE_TO_LEAVE_IT: RunFailure = {
  reason: 'usage',
  message: '--detach leaves a run to a cluster, and this one would be executed here',
  hint: 'add --on slurm, or write on: slurm in the pipeline or a profile of it',
};
