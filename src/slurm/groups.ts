/** Groups actions for slots: a slot makes actions of the same recording that follow each other. Pure. */

import type { ActionName } from '../base/action-name.ts';
import type { Action } from '../pipeline/graph.ts';
import type { PlannedAction } from '../plan/plan.ts';

export interface Group {
  /** All that the group needs is in the group itself, in a group of an earlier phase, or has a result already. */
  readonly phase: number;
  readonly recording: string | null;
  /** In the order of the graph. */
  readonly actions: readonly ActionName[];
}

/** Groups the actions of `todo`. Actions that need each other within a recording, or without any, share a group. */
export function groupsOf(actions: readonly Action[], todo: ReadonlySet<ActionName>): readonly Group[] {
  const placed = new Map<ActionName, { readonly phase: number; readonly recording: string | null }>();
  const groups = new Map<string, Group & { readonly actions: ActionName[] }>();
  for (const { name, recording, needs } of actions) {
    if (!todo.has(name)) continue;
    let phase = 0;
    for (const need of needs) {
      const before = placed.get(need);
      if (before) phase = Math.max(phase, before.phase + (before.recording === recording ? 0 : 1));
    }
    placed.set(name, { phase, recording });
    const id = JSON.stringify([phase, recording]);
    const group = groups.get(id);
    if (group) group.actions.push(name);
    else groups.set(id, { phase, recording, actions: [name] });
  }
  return [...groups.values()].sort((a, b) => a.phase - b.phase);
}

/** The actions of a plan that jobs should execute: those without a result, except those that cannot succeed. */
export function actionsToSubmit(
  planned: readonly PlannedAction[],
  actions: readonly Action[],
  { keepGoing }: { readonly keepGoing: boolean },
): ReadonlySet<ActionName> {
  const hopeless = new Set(planned.flatMap(({ event }) => (event.failure ? [event.action] : [])));
  const todo = new Set(planned.flatMap(({ event }) => (event.decision === 'reuse' ? [] : [event.action])));
  for (const { name, inputs } of actions) {
    const lacks = Object.values(inputs).some((input) => {
      if (input.kind === 'file' || input.kind === 'files') return false;
      if (input.kind === 'port') return hopeless.has(input.action);
      const lacking = input.from.filter(({ action }) => hopeless.has(action)).length;
      return input.partial && keepGoing ? lacking === input.from.length && lacking > 0 : lacking > 0;
    });
    if (lacks) hopeless.add(name);
    if (hopeless.has(name)) todo.delete(name);
  }
  return todo;
}
