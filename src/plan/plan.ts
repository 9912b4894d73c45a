import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ActionPlanned } from '../history/event.ts';
import type { Request } from '../load/request.ts';
import type { StoredResult } from '../store/result.ts';
import { type DecidedAction, decideAction } from './decide-action.ts';
import { type Session, withSession } from './session.ts';
import { unusableInputs } from './unusable-inputs.ts';

/** Plans a run by the run's own decisions, without executing anything. */

export interface PlannedAction {
  readonly event: ActionPlanned;
  /** Null if its inputs do not exist yet. */
  readonly decided: DecidedAction | null;
}

export const plan = (request: Request): Promise<Result<readonly ActionPlanned[], RunFailure>> =>
  withSession(request, async (session) => {
    const unusable = await unusableInputs(session);
    if (unusable) return err(unusable);
    const planned = (await planActions(session)).map(({ event }) => event);
    return ok([...planned, ...session.notSelected.map(notSelected)]);
  });

const notSelected = (action: ActionName): ActionPlanned => ({
  type: 'action-planned',
  action,
  decision: 'not-selected',
  why: [],
  waitsFor: [],
  failure: null,
});

/** Plans all actions of a session, in the order of its graph. */
export async function planActions(session: Session): Promise<readonly PlannedAction[]> {
  const results = new Map<ActionName, StoredResult>();
  const planned: PlannedAction[] = [];
  for (const action of session.graph.actions) {
    const about = { type: 'action-planned', action: action.name } as const;
    const unknown = { ...about, decision: 'unknown', why: [], waitsFor: [], failure: null } as const;
    const waitsFor = action.needs.filter((name) => !results.has(name));
    if (waitsFor.length > 0) {
      planned.push({ event: { ...unknown, waitsFor }, decided: null });
      continue;
    }
    const decided = await decideAction(session, action, { resultOf: (name) => results.get(name) });
    if (!decided.ok) {
      planned.push({ event: { ...unknown, failure: decided.error }, decided: null });
      continue;
    }
    const { decision } = decided.value;
    const why = decision.decision === 'execute' ? decision.why : [];
    planned.push({
      event: { ...about, decision: decision.decision, why, waitsFor: [], failure: null },
      decided: decided.value,
    });
    if (decision.decision === 'reuse') results.set(action.name, decision.result);
  }
  return planned;
}
