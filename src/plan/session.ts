/** The start of a run and of a plan: the store, the checked pipeline, the graph of the targets, and the last run. */

import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { type RunRecord, readLastRun } from '../history/run-record.ts';
import { type LoadedPipeline, loadPipeline } from '../load/load-pipeline.ts';
import type { Request } from '../load/request.ts';
import { expand } from '../pipeline/expand.ts';
import type { Graph } from '../pipeline/graph.ts';
import { selectTargets } from '../pipeline/targets.ts';
import { type FileMemo, openFileMemo } from '../store/file-memo.ts';
import type { Store } from '../store/layout.ts';
import { openStore } from '../store/open.ts';
import { withOpenStore } from '../store/with-open-store.ts';

export interface Session {
  readonly request: Request;
  readonly store: Store;
  readonly memo: FileMemo;
  readonly loaded: LoadedPipeline;
  /** The targets and all that they need. */
  readonly graph: Graph;
  readonly targets: ReadonlySet<ActionName>;
  /** The actions that only `skip` leaves out. */
  readonly notSelected: readonly ActionName[];
  readonly last: RunRecord | undefined;
}

/** `bundleAfresh`: bundle the tasks' code again, as `--force` does, even if the store has the bundle. */
type Opening = Request & { readonly bundleAfresh?: boolean };

/** Opens a session for as long as `use` takes. An error of the file system becomes a failure. */
export const withSession = <T>(
  request: Opening,
  use: (session: Session) => Promise<Result<T, RunFailure>>,
  signal?: AbortSignal,
): Promise<Result<T, RunFailure>> =>
  withOpenStore(
    request.store,
    async (store, memo) => {
      const session = await sessionIn(store, memo, request);
      return session.ok ? use(session.value) : session;
    },
    signal,
  );

/** Opens a session that its user ends: `memo.save()`, then `store.close()`. */
export async function openSession(request: Request): Promise<Result<Session, RunFailure>> {
  const opened = openStore(request.store);
  if (!opened.ok) return opened;
  const store = opened.value;
  const session = await sessionIn(store, openFileMemo(store.fileMemo), request);
  if (!session.ok) store.close();
  return session;
}

async function sessionIn(
  store: Store,
  memo: FileMemo,
  { bundleAfresh = false, ...request }: Opening,
): Promise<Result<Session, RunFailure>> {
  const { pipeline: path, overrides, force } = request;
  const loaded = await loadPipeline({ path, overrides, afresh: force || bundleAfresh }, store, memo);
  if (!loaded.ok) return loaded;
  const selected = selectTargets(expand(loaded.value.pipeline), request);
  if (!selected.ok) return selected;
  const { actions, targets, notSelected } = selected.value;
  return ok({
    request,
    store,
    memo,
    loaded: loaded.value,
    graph: { actions },
    targets: new Set(targets),
    notSelected,
    last: readLastRun(store, request.pipeline),
  });
}

/** Whether actions are executed on this machine or by a cluster. */
export const executesOn = ({ request, loaded }: Session): 'local' | 'slurm' => request.on ?? loaded.pipeline.on;
