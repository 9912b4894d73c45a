/** The outcomes of a graph's actions, and their consequences for the actions that need them. */
import type { ActionName } from '../base/action-name.ts';
import type { Action } from '../pipeline/graph.ts';
import type { StoredResult } from '../store/result.ts';

export type Outcome =
  | { readonly outcome: 'executed' | 'reused'; readonly result: StoredResult }
  | { readonly outcome: 'failed' }
  | Skipped;

/** The outcome of an action that was never performed. */
export type Skipped =
  /** `by`: the failed actions that it waited for. */
  { readonly outcome: 'blocked'; readonly by: readonly ActionName[] } | { readonly outcome: 'cancelled' };

export type Outcomes = ReadonlyMap<ActionName, Outcome>;

/** The result of an action that was executed or reused. */
export function resultIn(outcomes: Outcomes, name: ActionName): StoredResult | undefined {
  const outcome = outcomes.get(name);
  return outcome && 'result' in outcome ? outcome.result : undefined;
}

interface Followers {
  readonly keepGoing: boolean;
  /** Called when all needs of an action have results. */
  ready(action: Action): void;
  /** Called for an action that can never be performed. */
  skip(action: Action, outcome: Skipped): void;
}

/**
 * Returns a function that records the outcome of an action, and tells of each action that waited for it alone: it is
 * ready or skipped. A skipped action settles those that wait for it in turn.
 */
export function followOutcomes(
  actions: readonly Action[],
  outcomes: Map<ActionName, Outcome>,
  { keepGoing, ready, skip }: Followers,
): (action: Action, outcome: Outcome) => void {
  const waitsFor = new Map(actions.map(({ name, needs }) => [name, needs.length]));
  const dependents = dependentsOf(actions);
  return (action, outcome) => {
    const settled: [Action, Outcome][] = [[action, outcome]];
    for (const [{ name }, outcome] of settled) {
      outcomes.set(name, outcome);
      for (const dependent of dependents.get(name) ?? []) {
        const left = (waitsFor.get(dependent.name) ?? 0) - 1;
        waitsFor.set(dependent.name, left);
        if (left > 0) continue;
        const skipped = skippedFor(dependent, outcomes, { keepGoing });
        if (!skipped) {
          ready(dependent);
          continue;
        }
        skip(dependent, skipped);
        settled.push([dependent, skipped]);
      }
    }
  };
}

function dependentsOf(actions: readonly Action[]): ReadonlyMap<ActionName, readonly Action[]> {
  const dependents = new Map<ActionName, Action[]>(actions.map(({ name }) => [name, []]));
  for (const action of actions) for (const need of action.needs) dependents.get(need)?.push(action);
  return dependents;
}

/** The outcome of an action whose needs lack results; undefined if it can be performed. */
function skippedFor(action: Action, outcomes: Outcomes, policy: Pick<Followers, 'keepGoing'>): Skipped | undefined {
  const unmet = unmetNeeds(action, outcomes, policy);
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

/** A partial gathering, in a run that keeps going, is content with a single result. */
function unmetNeeds(action: Action, outcomes: Outcomes, { keepGoing }: Pick<Followers, 'keepGoing'>): ActionName[] {
  const isMet = (name: ActionName) => resultIn(outcomes, name) !== undefined;
  return Object.values(action.inputs).flatMap((input) => {
    if (input.kind === 'file' || input.kind === 'files') return [];
    if (input.kind === 'port') return isMet(input.action) ? [] : [input.action];
    const missing = input.from.flatMap(({ action: name }) => (isMet(name) ? [] : [name]));
    return input.partial && keepGoing && missing.length < input.from.length ? [] : missing;
  });
}
