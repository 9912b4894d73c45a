/** A plan: what a run would do and why, found with the run's own decision, and nothing run. */

import type { StoredResult } from '../cache/stored-result.ts';
import { fileSystemFailure, type RunFailure } from '../failure.ts';
import type { ActionName } from '../pipeline/graph.ts';
import { err, ok, type Result } from '../result.ts';
import type { ActionPlanned } from './event.ts';
import type { Request } from './request.ts';
import { consider, openSession } from './session.ts';

export async function plan(request: Request): Promise<Result<readonly ActionPlanned[], RunFailure>> {
  try {
    const opened = await openSession(request);
    if (!opened.ok) return opened;
    const session = opened.value;
    const { graph, store, memo } = session;
    const results = new Map<ActionName, StoredResult>();
    const planned: ActionPlanned[] = [];
    try {
      for (const action of graph.actions) {
        const about = { type: 'action-planned', action: action.name } as const;
        const waitsFor = action.needs.filter((name) => !results.has(name));
        if (waitsFor.length > 0) {
          planned.push({ ...about, decision: 'unknown', why: [], waitsFor, failure: null });
          continue;
        }
        const considered = await consider(session, action, (name) => results.get(name));
        if (!considered.ok) {
          planned.push({ ...about, decision: 'unknown', why: [], waitsFor: [], failure: considered.error });
          continue;
        }
        const { decision } = considered.value;
        const why = decision.decision === 'execute' ? decision.why : [];
        planned.push({ ...about, decision: decision.decision, why, waitsFor: [], failure: null });
        if (decision.decision === 'reuse') results.set(action.name, decision.result);
      }
    } finally {
      memo.save();
      store.close();
    }
    return ok(planned);
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}
