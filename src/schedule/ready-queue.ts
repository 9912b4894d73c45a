import type { ActionName } from '../base/action-name.ts';
import type { Action } from '../pipeline/graph.ts';

interface ReadyQueue {
  add(action: Action): void;
  /** The next action, which stays in the queue. */
  first(): Action | undefined;
  /** The next action, which leaves the queue. */
  take(): Action | undefined;
}

/**
 * Orders the actions that can start: first those of no recording, as all may wait for them, then recording by recording.
 * So the first verdicts come early, and few recordings have intermediate results on disk at a time. Within a recording
 * the graph's order holds.
 */
export function readyQueue(actions: readonly Action[]): ReadyQueue {
  const recordings = new Map<string | null, Action[]>([[null, []]]);
  for (const action of actions) {
    const sameRecording = recordings.get(action.recording);
    if (sameRecording) sameRecording.push(action);
    else recordings.set(action.recording, [action]);
  }
  const inOrder = [...recordings.values()].flat();
  const rankOf = new Map<ActionName, number>(inOrder.map(({ name }, rank) => [name, rank]));
  const isReady: boolean[] = Array(inOrder.length).fill(false);
  // No action of a lower rank is ready.
  let lowest = 0;
  const first = () => {
    while (lowest < inOrder.length && !isReady[lowest]) lowest++;
    return inOrder[lowest];
  };

  return {
    add({ name }) {
      const rank = rankOf.get(name) ?? 0;
      isReady[rank] = true;
      lowest = Math.min(lowest, rank);
    },
    first,
    take() {
      const action = first();
      if (action) isReady[lowest] = false;
      return action;
    },
  };
}
