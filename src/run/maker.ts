/** Opens the means by which a run makes its results: this process, or the jobs of a cluster. */
import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { openScratchFolders } from '../execute/scratch-folders.ts';
import { createWorkerPool } from '../execute/worker-pool.ts';
import { planActions } from '../plan/plan.ts';
import { executesOn } from '../plan/session.ts';
import { countRemaining } from '../schedule/count-remaining.ts';
import { type Make, makeHere } from '../schedule/make.ts';
import type { RunContext } from '../schedule/run-state.ts';

export interface Maker {
  readonly make: Make;
  /** Whether this run has submitted the action to a cluster. */
  isSubmitted(action: ActionName): boolean;
  /** To be called after each failure of an action. */
  failed(): void;
  close(): Promise<void>;
}

export const openMaker = (run: RunContext): Promise<Result<Maker, RunFailure>> =>
  executesOn(run.session) === 'local' ? Promise.resolve(ok(openHere(run))) : openCluster(run);

function openHere({ session, state }: RunContext): Maker {
  const pool = createWorkerPool();
  const scratchFolders = openScratchFolders(session.store.scratch);
  const make = makeHere({ pool, scratchFolders, beginAndCountOthers: countRemaining(session, state) });
  const close = async () => {
    await pool.close();
    scratchFolders.close();
  };
  return { make, isSubmitted: () => false, failed() {}, close };
}

async function openCluster({ session, emit, signal }: RunContext): Promise<Result<Maker, RunFailure>> {
  const planned = await planActions(session);
  const [cluster, { slurm }] = await Promise.all([import('../slurm/cluster.ts'), import('../slurm/slurm.ts')]);
  return cluster.openCluster({ session, planned, slurm, emit, signal });
}
