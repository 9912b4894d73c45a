import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionName } from '../../src/base/action-name.ts';
import type { Action } from '../../src/pipeline/graph.ts';
import type { Resources, Step } from '../../src/pipeline/pipeline.ts';
import type { PlannedAction } from '../../src/plan/plan.ts';
import { arraysOf, slotResources } from '../../src/slurm/arrays.ts';
import { actionsToSubmit, groupsOf } from '../../src/slurm/groups.ts';
import { actionOf, gathers, stepOf, takes } from '../history/action.ts';

/** Random actions with or without a recording, each of which needs some earlier actions, and a subset to group. */
const graphs = fc
  .array(
    fc.record({
      recording: fc.constantFrom('a', 'b', 'c', null),
      needs: fc.array(fc.nat(), { maxLength: 3 }),
      todo: fc.boolean(),
    }),
    { maxLength: 20 },
  )
  .map((drawn) => {
    const actions: Action[] = [];
    for (const [i, { recording, needs }] of drawn.entries()) {
      const from = i === 0 ? [] : needs.flatMap((need) => actions[need % i] ?? []);
      const inputs = from.map(({ name }, n) => [`p${n}`, { kind: 'port', action: name, port: 'out' } as const]);
      actions.push(actionOf(stepOf(`s${i}`), recording, Object.fromEntries(inputs)));
    }
    const todo = new Set(
      drawn.flatMap(({ todo: isTodo }, i) => (isTodo ? [actions[i]?.name ?? ('' as ActionName)] : [])),
    );
    return { actions, todo };
  });

const taking = (recording: string | null, name: string, ...needs: Action[]): Action => ({
  ...takes(name, ...needs),
  name: (recording === null ? name : `${name}@${recording}`) as ActionName,
  recording,
});

describe('groups', () => {
  test('groupsOf puts every action of todo in a single group, and no other action', () => {
    fc.assert(
      fc.property(graphs, ({ actions, todo }) => {
        const grouped = groupsOf(actions, todo).flatMap((group) => group.actions);
        expect([...grouped].sort()).toEqual([...todo].sort());
      }),
    );
  });

  test('groupsOf puts the needs of an action before it in its group, or in an earlier phase', () => {
    fc.assert(
      fc.property(graphs, ({ actions, todo }) => {
        const groups = groupsOf(actions, todo);
        const groupOf = new Map(groups.flatMap((group) => group.actions.map((name) => [name, group] as const)));
        for (const { name, needs } of actions) {
          const group = groupOf.get(name);
          for (const need of group ? needs : []) {
            const other = groupOf.get(need);
            if (!other || !group) continue;
            if (other === group) expect(group.actions.indexOf(need)).toBeLessThan(group.actions.indexOf(name));
            else expect(other.phase).toBeLessThan(group.phase);
          }
        }
      }),
    );
  });

  test('groupsOf puts the whole chain of a recording in a group, and phases have no gaps', () => {
    fc.assert(
      fc.property(graphs, ({ actions, todo }) => {
        const groups = groupsOf(actions, todo);
        for (const { actions: group, recording } of groups) {
          for (const name of group) expect(actions.find((action) => action.name === name)?.recording).toBe(recording);
        }
        const phases = [...new Set(groups.map(({ phase }) => phase))];
        expect(phases).toEqual(phases.map((_, i) => i));
      }),
    );
    const list = takes('list');
    const a = taking('a', 'unzip', list);
    const b = taking('a', 'detect', a);
    const all = taking(null, 'all', b);
    const names = (todo: readonly Action[]) =>
      groupsOf([list, a, b, all], new Set(todo.map(({ name }) => name))).map((group) => group.actions.join(' '));
    expect(names([list, a, b, all])).toEqual(['list', 'unzip@a detect@a', 'all']);
    expect(names([b, all])).toEqual(['detect@a', 'all']);
  });
});

describe('actions to submit', () => {
  const planned = (action: Action, decision: 'execute' | 'reuse' | 'unknown', fails = false): PlannedAction => ({
    event: {
      type: 'action-planned',
      action: action.name,
      decision,
      why: [],
      waitsFor: [],
      failure: fails ? { reason: 'input-missing', port: 'x', path: 'x' } : null,
    },
    decided: null,
  });
  const [a, b] = [takes('a'), takes('b')];
  const after = takes('after', a);
  const partly = actionOf(stepOf('partly'), null, { all: gathers([a, b], true) });
  const wholly = actionOf(stepOf('wholly'), null, { all: gathers([a, b], false) });
  const actions = [a, b, after, partly, wholly];

  test('actionsToSubmit leaves out actions with a result and actions that cannot have a result', () => {
    const plan = actions.map((action) => planned(action, action === a ? 'unknown' : 'execute', action === a));
    expect([...actionsToSubmit(plan, actions, { keepGoing: true })]).toEqual(['b', 'partly']);
    expect([...actionsToSubmit(plan, actions, { keepGoing: false })]).toEqual(['b']);
    expect([
      ...actionsToSubmit(
        actions.map((action) => planned(action, action === b ? 'reuse' : 'execute')),
        actions,
        { keepGoing: false },
      ),
    ]).toEqual(['a', 'after', 'partly', 'wholly']);
  });
});

describe('arrays', () => {
  const size = (cpus: number | null, memory: number | null, time: number | null): Resources => ({ cpus, memory, time });
  const group = (phase: number, recording: string) => ({ phase, recording, actions: [`x@${recording}` as ActionName] });
  const of = (resources: Resources, retries = 0): Step => stepOf('s', { resources, retries });
  const none = size(null, null, null);

  test('arraysOf makes an array for each phase and size, and splits arrays that are too long', () => {
    const groups = [group(0, 'a'), group(0, 'b'), group(0, 'c'), group(0, 'd'), group(1, 'a')];
    const sizes = (one: { recording: string | null }) => (one.recording === 'b' ? size(2, null, null) : none);
    const arrays = arraysOf(groups, sizes, 2);
    expect(arrays.map((array) => array.groups.map((one) => one.recording).join(' '))).toEqual(['a c', 'd', 'b', 'a']);
    expect(arrays.map((array) => array.resources.cpus)).toEqual([null, null, 2, null]);
    expect(arrays.map((array) => array.phase)).toEqual([0, 0, 0, 1]);
  });

  test('slotResources takes the largest cpus and memory, and the sum of times with retries', () => {
    expect(slotResources([of(size(2, 5e9, 60)), of(size(4, 1e9, 30), 2)], none)).toEqual(size(4, 5e9, 150));
    expect(slotResources([of(size(2, null, 60)), of(none)], none)).toEqual(size(2, null, null));
    expect(slotResources([of(size(2, null, 60)), of(none)], size(1, 3e9, 10))).toEqual(size(2, 3e9, 70));
  });
});
