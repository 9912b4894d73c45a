/** Submits the jobs of a run and does not wait for them. A later run, or `groundproof status`, finds them again. */
import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ActionPlanned, Emit } from '../history/event.ts';
import type { Request } from '../load/request.ts';
import { planActions } from '../plan/plan.ts';
import { executesOn, withSession } from '../plan/session.ts';
import { openCluster } from './cluster.ts';
import { slurm } from './slurm.ts';

export interface Submitted {
  /** Whether jobs were submitted or joined. */
  readonly hasJobs: boolean;
  /** Actions that were not submitted because they would fail before they could begin. */
  readonly hopeless: readonly ActionPlanned[];
  /** The actions that only `skip` leaves out. */
  readonly notSelected: readonly ActionName[];
}

export const submit = (request: Request, emit: Emit, signal: AbortSignal): Promise<Result<Submitted, RunFailure>> =>
  withSession(request, async (session) => {
    if (executesOn(session) !== 'slurm') return err(NEEDS_CLUSTER);
    const planned = await planActions(session);
    const cluster = await openCluster({ session, planned, slurm, emit, signal });
    if (!cluster.ok) return cluster;
    await cluster.value.close();
    const hopeless = planned.flatMap(({ event }) => (event.failure ? [event] : []));
    return ok({ hasJobs: cluster.value.hasJobs, hopeless, notSelected: session.notSelected });
  });

const NEEDS_CLUSTER: RunFailure = {
  reason: 'usage',
  message: '--detach leaves a run to a cluster, and this run would be executed here',
  hint: 'add --on slurm, or write on: slurm in the pipeline or a profile of it',
};
