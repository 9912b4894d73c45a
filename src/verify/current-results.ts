import type { StoredResult } from '../cache/stored-result.ts';
import type { RunFailure } from '../failure.ts';
import type { ActionName } from '../pipeline/graph.ts';
import { err, ok, type Result } from '../result.ts';
import { planActions } from '../run/plan.ts';
import type { Prepared } from '../run/prepare.ts';
import type { Session } from '../run/session.ts';

export interface Current {
  readonly prepared: Prepared;
  readonly result: StoredResult;
}

/** The stored result of every action of a session, found as `plan` finds it; all must be up to date. */
export async function currentResults(session: Session): Promise<Result<ReadonlyMap<ActionName, Current>, RunFailure>> {
  const current = new Map<ActionName, Current>();
  const stale: ActionName[] = [];
  for (const { event, considered } of await planActions(session)) {
    if (considered?.decision.decision === 'reuse') {
      current.set(event.action, { prepared: considered.prepared, result: considered.decision.result });
    } else stale.push(event.action);
  }
  return stale.length === 0 ? ok(current) : err({ reason: 'not-up-to-date', actions: stale });
}
