/** Runs the actions of a graph in dependency order, several at a time. Does not know how an action is performed. */

import type { ActionName } from '../base/action-name.ts';
import type { Action, Graph } from '../pipeline/graph.ts';
import type { StoredResult } from '../store/result.ts';
import { type Capacity, openBudget } from './budget.ts';
import { followOutcomes, type Outcome, type Outcomes, resultIn, type Skipped } from './outcomes.ts';
import { readyQueue } from './ready-queue.ts';

/** The most actions that may run without a share: on a slow disk more of them would only pile up. */
const MOST_WITHOUT_SHARE = 8;

export interface Policy extends Capacity {
  /** After a failure, go on with the actions that do not depend on it. */
  readonly keepGoing: boolean;
  readonly signal: AbortSignal;
}

export interface Handlers {
  /** Called for each action once all that it needs has results. */
  perform(action: Action, turn: Turn): Promise<Outcome>;
  /** Called for each action that will never be performed. */
  skip(action: Action, outcome: Skipped): void;
}

/** The means that the scheduler gives to an action when its turn comes. */
export interface Turn {
  resultOf(name: ActionName): StoredResult | undefined;
  /** Lets another action take the share, once only waiting for the disk is left. Does nothing with `jobs: 1`. */
  releaseShare(): void;
}

/**
 * Starts actions in the order of `readyQueue`. An action that waits for its share holds back all behind it, so that many
 * small actions never keep a large action waiting. After a failure (without `keepGoing`), an abort or an exception nothing
 * more starts. Resolves, or rejects with the first exception of `perform`, when no action runs any more.
 */
export async function schedule(
  { actions }: Graph,
  { keepGoing, signal, ...capacity }: Policy,
  { perform, skip }: Handlers,
): Promise<Outcomes> {
  const outcomes = new Map<ActionName, Outcome>();
  const queue = readyQueue(actions);
  const settle = followOutcomes(actions, outcomes, { keepGoing, ready: queue.add, skip });
  const budget = openBudget(capacity);
  const exceptions: unknown[] = [];
  let hasFailed = false;
  let running = 0;
  let wake = () => {};

  const isStopped = () => signal.aborted || exceptions.length > 0 || (hasFailed && !keepGoing);

  const start = async (action: Action) => {
    const giveBack = budget.take(action.step.resources);
    const releaseShare = () => {
      if (capacity.jobs === 1 || running - budget.taken() >= MOST_WITHOUT_SHARE) return;
      giveBack();
      wake();
    };
    running++;
    try {
      const outcome = await perform(action, { resultOf: (name) => resultIn(outcomes, name), releaseShare });
      if (outcome.outcome === 'failed') hasFailed = true;
      settle(action, outcome);
    } catch (error) {
      exceptions.push(error);
    }
    giveBack();
    running--;
    wake();
  };

  const startReady = () => {
    for (let action = queue.first(); action; action = queue.first()) {
      if (isStopped()) {
        queue.take();
        skip(action, { outcome: 'cancelled' });
        settle(action, { outcome: 'cancelled' });
      } else if (budget.fits(action.step.resources)) {
        queue.take();
        void start(action);
      } else return;
    }
  };

  for (const action of actions) if (action.needs.length === 0) queue.add(action);
  startReady();
  while (running > 0) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    startReady();
  }
  if (exceptions.length > 0) throw exceptions[0];
  return outcomes;
}
