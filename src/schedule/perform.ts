/** Performs an action of a run: decides, then reuses the earlier result or makes it. */

import type { ActionName } from '../base/action-name.ts';
import { type ActionFailure, fileSystemFailure } from '../base/failure.ts';
import { stopwatch } from '../base/time.ts';
import type { Action } from '../pipeline/graph.ts';
import { decideAction } from '../plan/decide-action.ts';
import type { Make } from './make.ts';
import type { Outcome } from './outcomes.ts';
import { type Performing, recordCancelled, recordFailure, recordSuccess } from './record-outcome.ts';
import type { RunContext } from './run-state.ts';
import type { Turn } from './schedule.ts';

export interface PerformContext extends RunContext {
  readonly make: Make;
  /** Whether this run has submitted the action to a cluster. */
  isSubmitted(action: ActionName): boolean;
}

/** Ends in a failure of the action if the file system refuses something. */
export async function perform(action: Action, turn: Turn, context: PerformContext): Promise<Outcome> {
  const performing: Performing = { ...context, action, elapsed: stopwatch() };
  try {
    return (await performOnce(performing, turn, context)) ?? (await perform(action, turn, context));
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (!failure) throw error;
    return recordFailure(performing, failure);
  }
}

/** Undefined if the result to reuse was damaged: it was dropped, so the next attempt makes it again. */
async function performOnce(
  performing: Performing,
  { resultOf, releaseShare }: Turn,
  { make, isSubmitted }: PerformContext,
): Promise<Outcome | undefined> {
  const { action, session, state } = performing;
  const decided = await decideAction(session, action, { resultOf, isSubmitted: isSubmitted(action.name) });
  if (!decided.ok) return recordFailure(performing, decided.error);
  const { prepared, decision } = decided.value;
  state.prepared.set(action.name, prepared);

  const why = decision.decision === 'reuse' ? [] : decision.why;
  const made =
    decision.decision === 'reuse'
      ? { reused: decision.result }
      : await make({ ...performing, action, prepared, why, releaseShare });
  if ('cancelled' in made) return recordCancelled(performing, why);
  if ('reused' in made) {
    const outcome = await recordSuccess(performing, 'reused', made.reused, []);
    return outcome ?? (session.store.refusal ? recordFailure(performing, DAMAGED) : undefined);
  }
  const { executed } = made;
  if (!executed.ok) return recordFailure(performing, executed.failure, why, executed.log);
  return (await recordSuccess(performing, 'executed', executed.result, why)) ?? recordFailure(performing, DAMAGED, why);
}

const DAMAGED: ActionFailure = {
  reason: 'file-system',
  code: 'EIO',
  message: 'the store does not hold what was written to it',
};
