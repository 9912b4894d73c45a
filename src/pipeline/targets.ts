/** What a person asks for by name: actions, steps, or nothing for everything. */

import type { ActionName } from '../base/action-name.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Graph } from './graph.ts';
import { nearest } from './text/nearest.ts';

export interface Selection extends Graph {
  /** The actions that were asked for themselves; the others are there because these need them. */
  readonly targets: readonly ActionName[];
}

export interface UnknownTarget {
  readonly name: string;
  readonly nearest?: string;
}

/** The targets and everything that they need, in the order of the graph. */
export function selectTargets(graph: Graph, names: readonly string[]): Result<Selection, readonly UnknownTarget[]> {
  const all = graph.actions.map(({ name }) => name);
  if (names.length === 0) return ok({ actions: graph.actions, targets: all });

  const asked = new Set(names);
  const known = new Set<string>(graph.actions.flatMap(({ name, step }) => [name, step.name]));
  const unknown = [...asked].filter((name) => !known.has(name));
  if (unknown.length > 0) return err(unknown.map((name) => withNearest(name, known)));

  const targets = graph.actions.flatMap(({ name, step }) => (asked.has(name) || asked.has(step.name) ? [name] : []));
  const wanted = new Set(targets);
  // Backwards: whatever needs an action comes after it.
  for (let at = graph.actions.length - 1; at >= 0; at--) {
    const action = graph.actions[at];
    if (action !== undefined && wanted.has(action.name)) for (const need of action.needs) wanted.add(need);
  }
  return ok({ actions: graph.actions.filter(({ name }) => wanted.has(name)), targets });
}

function withNearest(name: string, known: ReadonlySet<string>): UnknownTarget {
  const near = nearest(name, known);
  return near === undefined ? { name } : { name, nearest: near };
}
