/** Leftovers: actions whose files are in `out/` and which no step of the pipeline makes any more. */
import { loadPipeline } from '../load/load-pipeline.ts';
import { expand } from '../pipeline/expand.ts';
import type { Session } from '../plan/session.ts';

/**
 * An action counts as made where the pipeline has it, with this request's overrides or without any. Where that cannot be
 * found out, nothing is a leftover.
 */
export async function leftoversAmong(session: Session, places: readonly string[]): Promise<readonly string[]> {
  const { request, loaded, store, memo } = session;
  const made = new Set<string>(expand(loaded.pipeline).actions.map(({ name }) => name));
  const others = places.filter((place) => !made.has(place));
  if (others.length === 0 || Object.keys(request.overrides).length === 0) return others;
  const plain = await loadPipeline({ path: request.pipeline, overrides: {} }, store, memo);
  if (!plain.ok) return [];
  const plainly = new Set<string>(expand(plain.value.pipeline).actions.map(({ name }) => name));
  return others.filter((place) => !plainly.has(place));
}
