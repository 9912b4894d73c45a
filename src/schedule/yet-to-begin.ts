/** How much more of the same is to come: of each step, the actions that a run has yet to begin. */

import type { ActionName } from '../base/action-name.ts';
import type { Action } from '../pipeline/graph.ts';
import { planActions } from '../plan/plan.ts';
import type { Session } from '../plan/session.ts';
import type { Tally } from './perform.ts';

/**
 * Returns what begins an action and counts the others of its step. An action that has a result, by the plan, is not among
 * them, nor is one that was blocked. The plan is made for the first who asks.
 */
export function yetToBegin(session: Session, { records }: Pick<Tally, 'records'>): (action: Action) => Promise<number> {
  let planned: Promise<Set<Action>> | undefined;
  return async (action) => {
    planned ??= toExecute(session);
    const left = await planned;
    left.delete(action);
    let others = 0;
    for (const { step, name } of left) if (step === action.step && !records.has(name)) others++;
    return others;
  };
}

async function toExecute(session: Session): Promise<Set<Action>> {
  const reused = new Set<ActionName>();
  for (const { event } of await planActions(session)) if (event.decision === 'reuse') reused.add(event.action);
  return new Set(session.graph.actions.filter(({ name }) => !reused.has(name)));
}
