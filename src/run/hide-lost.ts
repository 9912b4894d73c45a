import { existsSync } from 'node:fs';
import type { OutFolder } from '../out/folder.ts';
import type { Session } from '../plan/session.ts';
import { placeOf, type Tally } from '../schedule/perform.ts';

/**
 * Takes out of `out/` what rests on a blob that was found damaged after it was shown: a large file there is a hard link to
 * it. The result no longer counts, and the next run makes it again.
 */
export function hideLost({ graph, store }: Session, out: OutFolder, { results }: Tally): void {
  for (const action of graph.actions) {
    const outputs = Object.values(results.get(action.name)?.outputs ?? {});
    if (outputs.some((output) => output && !existsSync(store.blob(output.digest)))) out.clear(placeOf(action));
  }
}
