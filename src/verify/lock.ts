/** Writes the digests of all results of a pipeline to a lock file. Committed, it shows every changed result in review. */

import type { RunFailure } from '../base/failure.ts';
import { ok, type Result } from '../base/result.ts';
import { writeAtomic } from '../files/atomic-write.ts';
import { type Lock, lockedOutputs, lockPathOf, lockText, readLock } from '../history/lock-file.ts';
import { isForAll, type Request } from '../load/request.ts';
import { expand } from '../pipeline/expand.ts';
import { withSession } from '../plan/session.ts';
import { currentResults } from './current-results.ts';

export interface Locked {
  readonly path: string;
  /** Actions in the lock. */
  readonly actions: number;
  /** Whether the content of the file changed. */
  readonly changed: boolean;
}

/** Updates only the lines of the targets, if the request is not for the whole pipeline. */
export const lock = (request: Request): Promise<Result<Locked, RunFailure>> =>
  withSession(request, async (session) => {
    const path = lockPathOf(request.pipeline);
    const before = readLock(path);
    // For the whole pipeline every line is replaced, so an unreadable lock does not matter.
    if (!before.ok && !isForAll(request)) return before;
    const current = await currentResults(session);
    if (!current.ok) return current;
    const earlier: Lock = before.ok && before.value ? before.value : new Map();
    const lines = expand(session.loaded.pipeline).actions.flatMap(({ name }) => {
      const found = session.targets.has(name) ? current.value.get(name) : undefined;
      const outputs = found ? lockedOutputs(found.result) : earlier.get(name);
      return outputs ? [[name, outputs] as const] : [];
    });
    const text = lockText(new Map(lines));
    const changed = !before.ok || before.value === undefined || lockText(before.value) !== text;
    if (changed) writeAtomic(path, text);
    return ok({ path, actions: lines.length, changed });
  });
