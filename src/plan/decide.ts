/** The one decision, made the same way for `plan` and for `run`: take an earlier result, or execute. */

import { type Cause, type Context, differences } from '../history/cause.ts';
import type { Preimage } from '../store/key.ts';
import type { Lookup, StoredResult } from '../store/result.ts';

export type Decision =
  | { readonly decision: 'reuse'; readonly result: StoredResult }
  | { readonly decision: 'execute'; readonly why: readonly Cause[] };

export function decide(
  lookup: Lookup,
  forced: boolean,
  preimage: Preimage,
  previous: Preimage | undefined,
  context: Context,
): Decision {
  if (forced) return { decision: 'execute', why: [{ cause: 'forced' }] };
  if ('found' in lookup) return { decision: 'reuse', result: lookup.found };
  if ('lost' in lookup) return { decision: 'execute', why: [{ cause: 'result-lost', port: lookup.lost }] };
  if (!previous) return { decision: 'execute', why: [{ cause: 'first-run' }] };
  const why = differences(previous, preimage, context);
  // The same preimage and yet no result: it was dropped from the store.
  return { decision: 'execute', why: why.length > 0 ? why : [{ cause: 'result-lost', port: null }] };
}
