/** Selects actions by the names that a person gives: actions, steps, or no name for everything. */

import type { ActionName } from '../base/action-name.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Graph } from './graph.ts';
import { nearest } from './text/nearest.ts';

export interface Selection extends Graph {
  /** The actions that the names stand for; the other actions are selected because these need them. */
  readonly targets: readonly ActionName[];
}

export interface UnknownTarget {
  readonly name: string;
  readonly nearest?: string;
}

/** Returns the targets and all that they need, in the order of the graph; or the names that are unknown. */
export function selectTargets(graph: Graph, names: readonly string[]): Result<Selection, readonly UnknownTarget[]> {
  const all = graph.actions.map(({ name }) => name);
  if (names.length === 0) return ok({ actions: graph.actions, targets: all });

  const requested = new Set(names);
  const known = new Set<string>(graph.actions.flatMap(({ name, step }) => [name, step.name]));
  const unknown = [...requested].filter((name) => !known.has(name));
  if (unknown.length > 0) return err(unknown.map((name) => withNearest(name, known)));

  const targets = graph.actions
    .filter(({ name, step }) => requested.has(name) || requested.has(step.name))
    .map(({ name }) => name);
  const selected = new Set(targets);
  // Go backwards: an action comes before all that need it.
  for (let at = graph.actions.length - 1; at >= 0; at--) {
    const action = graph.actions[at];
    if (action !== undefined && selected.has(action.name)) for (const need of action.needs) selected.add(need);
  }
  return ok({ actions: graph.actions.filter(({ name }) => selected.has(name)), targets });
}

function withNearest(name: string, known: ReadonlySet<string>): UnknownTarget {
  const near = nearest(name, known);
  return near === undefined ? { name } : { name, nearest: near };
}
