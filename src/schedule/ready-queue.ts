import type { ActionName } from '../base/action-name.ts';
import type { Action } from '../pipeline/graph.ts';

/**
 * Actions that could begin now, to be taken recording by recording, so that the first verdicts come early and few
 * recordings have intermediate results on disk at a time; what belongs to no recording comes first, as all may wait
 * for it. Otherwise in the graph's order.
 */
export function readyQueue(actions: readonly Action[]): {
  add(action: Action): void;
  first(): Action | undefined;
  take(): Action | undefined;
} {
  const recordings = new Map<string | null, Action[]>([[null, []]]);
  for (const action of actions) {
    const own = recordings.get(action.recording);
    if (own) own.push(action);
    else recordings.set(action.recording, [action]);
  }
  const inOrder = [...recordings.values()].flat();
  const rankOf = new Map<ActionName, number>(inOrder.map(({ name }, rank) => [name, rank]));
  const ready: boolean[] = Array(inOrder.length).fill(false);
  // Nothing before it is ready.
  let rank = 0;
  const first = () => {
    while (rank < inOrder.length && !ready[rank]) rank++;
    return inOrder[rank];
  };

  return {
    add({ name }) {
      const own = rankOf.get(name) ?? 0;
      ready[own] = true;
      rank = Math.min(rank, own);
    },
    first,
    take() {
      const action = first();
      if (action) ready[rank] = false;
      return action;
    },
  };
}
