import { join } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Step } from '../pipeline/pipeline.ts';
import type { StoredResult } from '../store/result.ts';
import type { StepHeadline } from './event.ts';

/** The headline of the last step with such a result, with the rows of all its actions in order. */
export function headlineShown(
  steps: readonly Step[],
  actions: readonly Action[],
  results: ReadonlyMap<ActionName, StoredResult>,
): StepHeadline | null {
  for (const step of [...steps].reverse()) {
    const shown = actions
      .filter((action) => action.step.name === step.name)
      .flatMap((action) => results.get(action.name)?.headline ?? []);
    const [first] = shown;
    if (first) return { ...first, step: step.name, rows: shown.flatMap(({ rows }) => rows) };
  }
  return null;
}

/** The path of the report in `out/`: the `.html` output of the last step without `each` that wrote such a page. */
export function reportShown(
  steps: readonly Pick<Step, 'name'>[],
  resultOf: (action: string) => StoredResult | undefined,
  out: string,
): string | null {
  for (const { name } of [...steps].reverse()) {
    const outputs = Object.entries(resultOf(name)?.outputs ?? {});
    const page = outputs.find(([, output]) => output?.extension === '.html');
    if (page) return join(out, name, `${page[0]}.html`);
  }
  return null;
}
