/** Decides about an action whose needs have results, the same way for `run` and for `plan`. */

import { relative } from 'node:path';
import { actionName } from '../base/action-name.ts';
import { type ActionFailure, fileSystemFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CauseContext } from '../history/cause.ts';
import type { RunRecord } from '../history/run-record.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Key } from '../store/key.ts';
import { lookUpHashed } from '../store/rehash.ts';
import { type Lookup, readPreimage } from '../store/result.ts';
import { type Decision, decide } from './decide.ts';
import { type Prepared, prepare, type ResultOf } from './prepare.ts';
import type { Session } from './session.ts';

export interface DecidedAction {
  readonly prepared: Prepared;
  readonly decision: Decision;
}

interface DecideOptions {
  readonly resultOf: ResultOf;
  /** Submitted to a cluster by this run: counts as not made yet, even if the store has its result by now. */
  readonly isSubmitted?: boolean;
}

/** Computes the action's key, and decides whether to reuse a result or to execute. */
export async function decideAction(
  session: Session,
  action: Action,
  { resultOf, isSubmitted = false }: DecideOptions,
): Promise<Result<DecidedAction, ActionFailure>> {
  try {
    const prepared = await prepare(action, resultOf, session);
    if (!prepared.ok) return prepared;
    const lookup = isSubmitted ? MISSING : await lookUpHashed(session.store, prepared.value.key);
    return ok({ prepared: prepared.value, decision: decisionFor(session, action, prepared.value, lookup) });
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (!failure) throw error;
    return err(failure);
  }
}

const MISSING: Lookup = { missing: true };

function decisionFor(session: Session, action: Action, { key, preimage }: Prepared, lookup: Lookup): Decision {
  const { request, store, targets, last } = session;
  const forced = request.force && targets.has(action.name);
  const lastKey = last && ownProperty(last.keys, action.name);
  // If the key is still the last, only the result is gone: the preimage is the same.
  const preimageOf = (other: Key) => (other === key ? preimage : readPreimage(store, other));
  const previous = 'found' in lookup || lastKey === undefined ? undefined : preimageOf(lastKey);
  return decide({ lookup, forced, preimage, previous, context: contextOf(session, action) });
}

function contextOf({ loaded, last }: Session, { step, inputs }: Action): CauseContext {
  return {
    positions: step.positions,
    changedFiles: last && step.task.kind === 'module' ? changedSources(last, loaded, step.task.uses) : [],
    sourceOf(port, recording) {
      const input = inputs[port];
      if (!input) return '';
      if (input.kind === 'file') return input.path;
      if (input.kind === 'files') return input.pattern;
      if (input.kind === 'port') return input.action;
      const declared = ownProperty(step.inputs, port);
      // The graph no longer has the actions of a recording that was removed.
      return recording !== null && declared?.kind === 'port' ? actionName({ step: declared.step, recording }) : '';
    },
  };
}

/** The source files of a task that are new or different since the last run, relative to the pipeline. */
export function changedSources(
  last: Pick<RunRecord, 'sources'>,
  { sources, folder, code }: LoadedPipeline,
  uses: string,
): string[] {
  return (code[uses]?.sources ?? [])
    .filter((path) => last.sources[path] !== sources[path])
    .map((path) => relative(folder, path))
    .sort();
}
