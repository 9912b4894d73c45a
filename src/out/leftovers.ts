/** Leftovers: actions whose files are in `out/` although the pipeline no longer has them. */
import { loadPipeline } from '../load/load-pipeline.ts';
import { expand } from '../pipeline/expand.ts';
import type { Session } from '../plan/session.ts';

/**
 * Returns the actions that the pipeline has neither with this request's overrides nor without overrides. Returns no action
 * if the pipeline without overrides is invalid.
 */
export async function leftoversAmong(session: Session, actions: readonly string[]): Promise<readonly string[]> {
  const { request, loaded, store, memo } = session;
  const present = new Set<string>(expand(loaded.pipeline).actions.map(({ name }) => name));
  const others = actions.filter((action) => !present.has(action));
  if (others.length === 0 || Object.keys(request.overrides).length === 0) return others;
  const plain = await loadPipeline({ path: request.pipeline, overrides: {} }, store, memo);
  if (!plain.ok) return [];
  const presentInPlain = new Set<string>(expand(plain.value.pipeline).actions.map(({ name }) => name));
  return others.filter((action) => !presentInPlain.has(action));
}
