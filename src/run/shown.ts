import type { StoredResult } from '../cache/stored-result.ts';
import type { Action, ActionName } from '../pipeline/graph.ts';
import type { Step } from '../pipeline/pipeline.ts';
import type { Shown } from './event.ts';

/** The headline of the last step that has one, its actions' rows together in order. */
export function headlineShown(
  steps: readonly Step[],
  actions: readonly Action[],
  results: ReadonlyMap<ActionName, StoredResult>,
): Shown | null {
  for (const step of [...steps].reverse()) {
    const shown = actions
      .filter((action) => action.step.name === step.name)
      .flatMap((action) => results.get(action.name)?.headline ?? []);
    const [first] = shown;
    if (first) return { ...first, step: step.name, rows: shown.flatMap(({ rows }) => rows) };
  }
  return null;
}
