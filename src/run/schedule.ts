/** Runs the actions of a graph in dependency order, some at a time. Knows nothing of what an action does. */
import pLimit from 'p-limit';
import type { StoredResult } from '../cache/stored-result.ts';
import type { Action, ActionName, Graph } from '../pipeline/graph.ts';

export type Outcome =
  | { readonly outcome: 'executed' | 'reused'; readonly result: StoredResult }
  | { readonly outcome: 'failed' }
  | { readonly outcome: 'blocked'; readonly by: readonly ActionName[] }
  | { readonly outcome: 'cancelled' };

export interface Policy {
  readonly jobs: number;
  /** After a failure, go on with what does not depend on it. */
  readonly keepGoing: boolean;
  readonly signal: AbortSignal;
}

/**
 * `perform` is called for each action whose needs have results, `skip` for each other one.
 * Resolves when nothing runs any more.
 */
export async function schedule(
  graph: Graph,
  { jobs, keepGoing, signal }: Policy,
  perform: (action: Action, resultOf: (name: ActionName) => StoredResult | undefined) => Promise<Outcome>,
  skip: (action: Action, outcome: Outcome) => void,
): Promise<ReadonlyMap<ActionName, Outcome>> {
  const limit = pLimit(jobs);
  const outcomes = new Map<ActionName, Outcome>();
  const underway = new Map<ActionName, Promise<Outcome>>();
  let failed = false;

  const resultOf = (name: ActionName) => {
    const outcome = outcomes.get(name);
    return outcome && 'result' in outcome ? outcome.result : undefined;
  };
  const stopped = () => signal.aborted || (failed && !keepGoing);

  const settle = async (action: Action): Promise<Outcome> => {
    await Promise.all(action.needs.map((name) => underway.get(name)));
    const skipped = (outcome: Outcome) => {
      skip(action, outcome);
      return outcome;
    };
    const without = withoutNeeds(action, outcomes, keepGoing);
    const outcome = without
      ? skipped(without)
      : await limit(async () => {
          if (stopped()) return skipped({ outcome: 'cancelled' });
          const performed = await perform(action, resultOf);
          // Here, before the limit lets the next one begin.
          if (performed.outcome === 'failed') failed = true;
          return performed;
        });
    outcomes.set(action.name, outcome);
    return outcome;
  };
  for (const action of graph.actions) underway.set(action.name, settle(action));
  await Promise.all(underway.values());
  return outcomes;
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
