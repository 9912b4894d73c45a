import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ActionPlanned } from '../history/event.ts';
import type { Request } from '../load/request.ts';
import type { StoredResult } from '../store/result.ts';
import { type Considered, consider, type Session, withSession } from './session.ts';
import { unusableInputs } from './unusable-inputs.ts';

/** A plan: what a run would do and why, found with the run's own decision, and nothing run. */

/** `considered` is there where the action's inputs are. */
export interface PlannedAction {
  readonly event: ActionPlanned;
  readonly considered: Considered | null;
}

export const plan = (request: Request): Promise<Result<readonly ActionPlanned[], RunFailure>> =>
  withSession(request, async (session) => {
    const unusable = await unusableInputs(session);
    return unusable ? err(unusable) : ok((await planActions(session)).map(({ event }) => event));
  });

/** The plan of an open session, in the order of the graph. */
export async function planActions(session: Session): Promise<readonly PlannedAction[]> {
  const results = new Map<ActionName, StoredResult>();
  const planned: PlannedAction[] = [];
  for (const action of session.graph.actions) {
    const about = { type: 'action-planned', action: action.name } as const;
    const unknown = { ...about, decision: 'unknown', why: [], waitsFor: [], failure: null } as const;
    const waitsFor = action.needs.filter((name) => !results.has(name));
    if (waitsFor.length > 0) {
      planned.push({ event: { ...unknown, waitsFor }, considered: null });
      continue;
    }
    const considered = await consider(session, action, (name) => results.get(name));
    if (!considered.ok) {
      planned.push({ event: { ...unknown, failure: considered.error }, considered: null });
      continue;
    }
    const { decision } = considered.value;
    const why = decision.decision === 'execute' ? decision.why : [];
    planned.push({
      event: { ...about, decision: decision.decision, why, waitsFor: [], failure: null },
      considered: considered.value,
    });
    if (decision.decision === 'reuse') results.set(action.name, decision.result);
  }
  return planned;
}
