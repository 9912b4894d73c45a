import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { planActions } from '../plan/plan.ts';
import type { Prepared } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import type { StoredResult } from '../store/result.ts';

export interface Current {
  readonly prepared: Prepared;
  readonly result: StoredResult;
}

/** Finds the stored results of all targets as `plan` does. All must be up to date. */
export async function currentResults(session: Session): Promise<Result<ReadonlyMap<ActionName, Current>, RunFailure>> {
  const current = new Map<ActionName, Current>();
  const stale: ActionName[] = [];
  for (const { event, decided } of await planActions(session)) {
    if (decided?.decision.decision === 'reuse') {
      current.set(event.action, { prepared: decided.prepared, result: decided.decision.result });
    } else stale.push(event.action);
  }
  return stale.length === 0 ? ok(current) : err({ reason: 'not-up-to-date', actions: stale });
}
