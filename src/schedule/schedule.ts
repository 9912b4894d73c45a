/** Runs the actions of a graph in dependency order, some at a time. Knows nothing of what an action does. */

import type { ActionName } from '../base/action-name.ts';
import type { Action, Graph } from '../pipeline/graph.ts';
import type { StoredResult } from '../store/result.ts';
import { type Capacity, openBudget } from './budget.ts';
import { readyQueue } from './ready-queue.ts';

export type Outcome =
  | { readonly outcome: 'executed' | 'reused'; readonly result: StoredResult }
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'blocked'; readonly by: readonly ActionName[] }
  | { readonly outcome: 'cancelled' };

/** Of the actions that gave their share back, how many may be underway: on a slow disk more would only pile up. */
const MOST_WITHOUT_SHARE = 8;

export interface Policy extends Capacity {
  /** After a failure, go on with what does not depend on it. */
  readonly keepGoing: boolean;
  readonly signal: AbortSignal;
}

/**
 * `perform` is called for each action whose needs have results, `skip` for each other one; of several that could
 * begin, the first of `readyQueue` does; while that has to wait for its share, nothing behind it goes before it, so
 * that many small actions never keep a large one waiting. What only waits for the disk may say so (`shareFree`), and
 * others take its share, unless one at a time is asked for; its outcome counts when it has ended. Resolves when nothing
 * runs any more, or then rejects with what `perform` threw: nothing else begins after that, and what runs is not lost.
 */
export function schedule(
  { actions }: Graph,
  { keepGoing, signal, ...capacity }: Policy,
  perform: (
    action: Action,
    resultOf: (name: ActionName) => StoredResult | undefined,
    shareFree: () => void,
  ) => Promise<Outcome>,
  skip: (action: Action, outcome: Outcome) => void,
): Promise<ReadonlyMap<ActionName, Outcome>> {
  const outcomes = new Map<ActionName, Outcome>();
  const waitsFor = new Map(actions.map(({ name, needs }) => [name, needs.length]));
  const takers = takersOf(actions);
  const ready = readyQueue(actions);
  const budget = openBudget(capacity);
  let failed = false;
  let thrown: { readonly error: unknown } | undefined;
  let underway = 0;

  const resultOf = (name: ActionName) => {
    const outcome = outcomes.get(name);
    return outcome && 'result' in outcome ? outcome.result : undefined;
  };
  const stopped = () => signal.aborted || thrown !== undefined || (failed && !keepGoing);

  /** What waited for this action alone becomes ready, or is skipped, and then what waited for that. */
  const settle = (action: Action, outcome: Outcome) => {
    const settled: [Action, Outcome][] = [[action, outcome]];
    for (const [{ name }, outcome] of settled) {
      outcomes.set(name, outcome);
      for (const taker of takers.get(name) ?? []) {
        const left = (waitsFor.get(taker.name) ?? 0) - 1;
        waitsFor.set(taker.name, left);
        if (left > 0) continue;
        const without = withoutNeeds(taker, outcomes, keepGoing);
        if (without) {
          skip(taker, without);
          settled.push([taker, without]);
        } else ready.add(taker);
      }
    }
  };

  for (const action of actions) if (action.needs.length === 0) ready.add(action);
  return new Promise((resolve, reject) => {
    const begin = () => {
      for (let action = ready.first(); action; action = ready.first()) {
        const { resources } = action.step;
        if (!stopped() && !budget.fits(resources)) break;
        ready.take();
        if (stopped()) {
          skip(action, { outcome: 'cancelled' });
          settle(action, { outcome: 'cancelled' });
          continue;
        }
        budget.take(resources);
        let holds = true;
        const giveBack = () => {
          if (holds) budget.giveBack(resources);
          holds = false;
        };
        underway++;
        perform(action, resultOf, () => {
          if (!holds || capacity.jobs === 1 || underway - budget.taken() >= MOST_WITHOUT_SHARE) return;
          giveBack();
          begin();
        })
          .then((outcome) => {
            if (outcome.outcome === 'failed') failed = true;
            settle(action, outcome);
          })
          .catch((error) => {
            thrown ??= { error };
          })
          .then(() => {
            giveBack();
            underway--;
            begin();
          })
          .catch(reject);
      }
      if (underway > 0) return;
      if (thrown) reject(thrown.error);
      else resolve(outcomes);
    };
    begin();
  });
}

/** Of each action, those that take its outputs. */
function takersOf(actions: readonly Action[]): ReadonlyMap<ActionName, readonly Action[]> {
  const takers = new Map<ActionName, Action[]>(actions.map(({ name }) => [name, []]));
  for (const action of actions) for (const need of action.needs) takers.get(need)?.push(action);
  return takers;
}

/** What becomes of an action whose needs were not met; a partial gathering does with what succeeded, if anything did. */
function withoutNeeds(
  action: Action,
  outcomes: ReadonlyMap<ActionName, Outcome>,
  keepGoing: boolean,
): Outcome | undefined {
  const succeeded = (name: ActionName) => 'result' in (outcomes.get(name) ?? {});
  const unmet = Object.values(action.inputs).flatMap((input) => {
    if (input.kind === 'file') return [];
    if (input.kind === 'port') return succeeded(input.action) ? [] : [input.action];
    const missing = input.from.flatMap((one) => (succeeded(one.action) ? [] : [one.action]));
    return input.partial && keepGoing && missing.length < input.from.length ? [] : missing;
  });
  if (unmet.length === 0) return undefined;
  const by = new Set(
    unmet.flatMap((name) => {
      const outcome = outcomes.get(name);
      if (outcome?.outcome === 'blocked') return outcome.by;
      return outcome?.outcome === 'failed' ? [name] : [];
    }),
  );
  return by.size > 0 ? { outcome: 'blocked', by: [...by] } : { outcome: 'cancelled' };
}
