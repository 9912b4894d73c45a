/** The decision to reuse an earlier result or to execute, the same for `plan` and `run`. */

import { type Cause, type CauseContext, differences } from '../history/cause.ts';
import type { Preimage } from '../store/key.ts';
import type { Lookup, StoredResult } from '../store/result.ts';

export type Decision =
  | { readonly decision: 'reuse'; readonly result: StoredResult }
  | { readonly decision: 'execute'; readonly why: readonly Cause[] };

export interface DecisionFacts {
  readonly lookup: Lookup;
  readonly forced: boolean;
  readonly preimage: Preimage;
  /** Of the last run. */
  readonly previous: Preimage | undefined;
  readonly context: CauseContext;
}

export function decide({ lookup, forced, preimage, previous, context }: DecisionFacts): Decision {
  if (forced) return { decision: 'execute', why: [{ cause: 'forced' }] };
  if ('found' in lookup) return { decision: 'reuse', result: lookup.found };
  if ('lost' in lookup) return { decision: 'execute', why: [{ cause: 'result-lost', port: lookup.lost }] };
  if (!previous) return { decision: 'execute', why: [{ cause: 'first-run' }] };
  const why = differences(previous, preimage, context);
  // The preimage is the same, so there was a result: the store has dropped it.
  return { decision: 'execute', why: why.length > 0 ? why : [{ cause: 'result-lost', port: null }] };
}
