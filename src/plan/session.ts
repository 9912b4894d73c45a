/** What a run and a plan start from: the store, the checked pipeline, the graph of what was asked for, the last run. */

import { relative } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import { actionName } from '../base/action-name.ts';
import { type ActionFailure, fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Context } from '../history/cause.ts';
import { type RunRecord, readLastRun } from '../history/run-record.ts';
import { type LoadedPipeline, loadPipeline } from '../load/load-pipeline.ts';
import type { Request } from '../load/request.ts';
import { expand } from '../pipeline/expand.ts';
import type { Action, Graph } from '../pipeline/graph.ts';
import { selectTargets } from '../pipeline/targets.ts';
import { type FileMemo, openFileMemo } from '../store/file-memo.ts';
import type { Key } from '../store/key.ts';
import type { Store } from '../store/layout.ts';
import { openStore } from '../store/open.ts';
import { lookUpHashed } from '../store/rehash.ts';
import { readPreimage } from '../store/result.ts';
import { withOpenStore } from '../store/with-open-store.ts';
import { type Decision, decide } from './decide.ts';
import { type Prepared, prepare, type ResultOf } from './prepare.ts';

export interface Session {
  readonly request: Request;
  readonly store: Store;
  readonly memo: FileMemo;
  readonly loaded: LoadedPipeline;
  /** The targets and all that they need. */
  readonly graph: Graph;
  readonly targets: ReadonlySet<ActionName>;
  readonly last: RunRecord | undefined;
}

/** A request, and whether what is kept of the tasks' code may be used; `--force` does not use it either. */
type Opening = Request & { readonly bundleAfresh?: boolean };

/** A session for as long as it is used; what the system refuses meanwhile is a failure. */
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

/** A session that its user ends: `memo.save()`, then `store.close()`. */
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
  const selected = selectTargets(expand(loaded.value.pipeline), request.targets);
  if (!selected.ok) return err({ reason: 'target-unknown', targets: selected.error });
  const { actions, targets } = selected.value;
  const last = readLastRun(store, request.pipeline);
  return ok({ request, store, memo, loaded: loaded.value, graph: { actions }, targets: new Set(targets), last });
}

/** Where a session's actions are executed. */
export const executesOn = ({ request, loaded }: Session): 'local' | 'slurm' => request.on ?? loaded.pipeline.on;

export type Considered = { readonly prepared: Prepared; readonly decision: Decision };

/**
 * Considers one action whose needs have results: its key, and what to do about it. Used by `run` and by `plan`. An
 * action that this very run has had begun elsewhere counts as not made yet, whatever the store holds by now.
 */
export async function consider(
  ...asked: Parameters<typeof considerReadable>
): Promise<Result<Considered, ActionFailure>> {
  try {
    return await considerReadable(...asked);
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (!failure) throw error;
    return err(failure);
  }
}

async function considerReadable(
  session: Session,
  action: Action,
  resultOf: ResultOf,
  begunElsewhere = false,
): Promise<Result<Considered, ActionFailure>> {
  const { request, store, memo, loaded, targets, last } = session;
  const prepared = await prepare(action, resultOf, loaded, store, memo);
  if (!prepared.ok) return prepared;
  const { key, preimage } = prepared.value;
  const forced = request.force && targets.has(action.name);
  const lastKey = last && ownProperty(last.keys, action.name);
  const lookup = begunElsewhere ? ({ missing: true } as const) : await lookUpHashed(store, key);
  // The last key again, and no result: what it stood for is known all the same.
  const preimageOf = (other: Key) => (other === key ? preimage : readPreimage(store, other));
  const previous = 'found' in lookup || lastKey === undefined ? undefined : preimageOf(lastKey);
  const decision = decide(lookup, forced, preimage, previous, contextOf(session, action));
  return ok({ prepared: prepared.value, decision });
}

function contextOf({ loaded, last }: Session, { step, inputs }: Action): Context {
  return {
    positions: step.positions,
    changedFiles: last && step.task.kind === 'module' ? changedSources(last, loaded, step.task.uses) : [],
    sourceOf(port, recording) {
      const input = inputs[port];
      if (!input) return '';
      if (input.kind === 'file') return input.path;
      if (input.kind === 'port') return input.action;
      const wired = ownProperty(step.inputs, port);
      // A recording that is gone is in no list any more.
      return recording !== null && wired?.kind === 'port' ? actionName({ step: wired.step, recording }) : '';
    },
  };
}

/** Of one task, the source files that are new or different since the last run, relative to the pipeline. */
export function changedSources(
  last: Pick<RunRecord, 'sources'>,
  { sources, folder, code }: LoadedPipeline,
  uses: string,
): string[] {
  const own = code[uses]?.sources ?? [];
  return own
    .filter((path) => last.sources[path] !== sources[path])
    .map((path) => relative(folder, path))
    .sort();
}
