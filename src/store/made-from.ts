/** Finds the results that may be wrong because a blob is damaged: an action may have read the damaged content. */
import type { Digest } from '../files/digest.ts';
import type { ListedResult } from './inventory.ts';

/**
 * Every result with a damaged blob among its inputs, and, transitively, every result made from the outputs of those. An
 * output that another, unaffected result has as well is not followed: its content is right.
 */
export function madeFrom(results: readonly ListedResult[], damaged: ReadonlySet<Digest>): readonly ListedResult[] {
  const takers = new Map<Digest, ListedResult[]>();
  const makers = new Map<Digest, Set<ListedResult>>();
  for (const result of results) {
    for (const digest of new Set(result.inputs)) takers.set(digest, [...(takers.get(digest) ?? []), result]);
    for (const digest of result.blobs) makers.set(digest, (makers.get(digest) ?? new Set()).add(result));
  }
  const spoilt = new Set<ListedResult>();
  const suspects = [...damaged];
  for (const digest of suspects) {
    for (const result of takers.get(digest) ?? []) {
      if (spoilt.has(result)) continue;
      spoilt.add(result);
      for (const blob of new Set(result.blobs)) {
        const makersLeft = makers.get(blob);
        makersLeft?.delete(result);
        if (makersLeft?.size === 0) suspects.push(blob);
      }
    }
  }
  return [...spoilt];
}
