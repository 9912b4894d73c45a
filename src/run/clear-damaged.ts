import { existsSync } from 'node:fs';
import { placeOf, type RunContext } from '../schedule/run-state.ts';

/**
 * Removes from `out/` the outputs whose blob was found damaged, and dropped, after they were shown: a large file there is
 * a hard link to its blob. The next run makes the result again.
 */
export function clearDamaged({ session, out, state }: Pick<RunContext, 'session' | 'out' | 'state'>): void {
  const { graph, store } = session;
  for (const action of graph.actions) {
    const outputs = Object.values(state.results.get(action.name)?.outputs ?? {});
    if (outputs.some((output) => output && !existsSync(store.blob(output.digest)))) out.clear(placeOf(action));
  }
}
