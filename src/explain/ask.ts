/** Explains an action from the runs that the store remembers. */
import { existsSync } from 'node:fs';
import { fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { findRun } from '../history/find-run.ts';
import { historyOf, runsBefore } from '../history/history.ts';
import { lastFinishedOf } from '../history/run-record.ts';
import type { Request } from '../load/request.ts';
import { withSession } from '../plan/session.ts';
import { countText } from '../report/list.ts';
import { storePaths } from '../store/layout.ts';
import { type Explanation, explain } from './explain.ts';

export interface Explained {
  readonly action: string;
  /** Null if the action is in the pipeline but never ran. */
  readonly explanation: Explanation | null;
  /** The last run, if the action was not part of it and an earlier run is explained; else null. */
  readonly notIn: string | null;
}

/** @param run a run id or the start of it, `last` or `previous`; left out for the last finished run */
export async function explainLast(
  request: Request,
  action: string,
  run?: string,
): Promise<Result<Explained, RunFailure>> {
  try {
    if (!existsSync(request.pipeline)) return err({ reason: 'pipeline-missing', path: request.pipeline });
    const store = storePaths(request.store);
    const history = historyOf(store);
    const last = lastFinishedOf(store, request.pipeline);
    const named = run === undefined ? undefined : findRun(store, history, request.pipeline, run);
    if (named && !named.ok) return named;
    const start = named?.value ?? (last === undefined ? undefined : history.run(last));
    const explanation = start && explain(history, start, action);
    if (explanation) return ok({ action, explanation, notIn: null });

    for (const earlier of start ? runsBefore(history, start.record) : []) {
      const found = explain(history, { ...earlier, record: earlier }, action);
      if (found) return ok({ action, explanation: found, notIn: start?.run ?? null });
    }
    return neverRan({ ...request, overrides: start?.request.overrides ?? {}, targets: [action], skip: [] }, action);
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}

/** Looks into the pipeline: the action may be misspelt, or the name of a step. */
const neverRan = (request: Request, action: string): Promise<Result<Explained, RunFailure>> =>
  withSession(request, async ({ targets }) => {
    const [first, ...more] = targets;
    if (first === action || first === undefined) return ok({ action, explanation: null, notIn: null });
    const examples = [first, ...more].slice(0, 3).join(', ');
    return err({
      reason: 'usage',
      message: `${action} ${/[@*+]/.test(action) ? 'stands for' : 'is a step of'} ${countText(targets.size, 'action')}; name one: ${examples}${targets.size > 3 ? ', ...' : ''}`,
    });
  });
