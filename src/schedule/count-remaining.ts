import type { ActionName } from '../base/action-name.ts';
import type { Action } from '../pipeline/graph.ts';
import { planActions } from '../plan/plan.ts';
import type { Session } from '../plan/session.ts';
import type { RunState } from './run-state.ts';

/**
 * Returns a function that counts the other actions of an action's step that the run has yet to execute, and takes the
 * action itself off the list. The list is a plan, made at the first call; actions that have ended since do not count.
 */
export function countRemaining(session: Session, { records }: RunState): (action: Action) => Promise<number> {
  let planned: Promise<Set<Action>> | undefined;
  return async (action) => {
    planned ??= toExecute(session);
    const remaining = await planned;
    remaining.delete(action);
    let others = 0;
    for (const { step, name } of remaining) if (step === action.step && !records.has(name)) others++;
    return others;
  };
}

async function toExecute(session: Session): Promise<Set<Action>> {
  const reused = new Set<ActionName>();
  for (const { event } of await planActions(session)) if (event.decision === 'reuse') reused.add(event.action);
  return new Set(session.graph.actions.filter(({ name }) => !reused.has(name)));
}
