import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionName } from '../../src/base/action-name.ts';
import type { Action } from '../../src/pipeline/graph.ts';
import type { Resources, Step } from '../../src/pipeline/pipeline.ts';
import type { PlannedAction } from '../../src/plan/plan.ts';
import { arraysOf, sizeOfTask } from '../../src/slurm/arrays.ts';
import { groupsOf, todoOf } from '../../src/slurm/groups.ts';
import { actionOf, gathers, stepOf, takes } from '../history/action.ts';

/** Actions of some recordings or none, each taking from any before it, and which of them are to be done. */
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
    const todo = new Set(drawn.flatMap((one, i) => (one.todo ? [actions[i]?.name ?? ('' as ActionName)] : [])));
    return { actions, todo };
  });

const taking = (recording: string | null, name: string, ...needs: Action[]): Action => ({
  ...takes(name, ...needs),
  name: (recording === null ? name : `${name}@${recording}`) as ActionName,
  recording,
});

describe('groups', () => {
  test('every action to be done is in exactly one group, and no other one is', () => {
    fc.assert(
      fc.property(graphs, ({ actions, todo }) => {
        const grouped = groupsOf(actions, todo).flatMap((group) => group.actions);
        expect([...grouped].sort()).toEqual([...todo].sort());
      }),
    );
  });

  test('what an action needs is before it in its group, in an earlier phase, or not to be done', () => {
    fc.assert(
      fc.property(graphs, ({ actions, todo }) => {
        const groups = groupsOf(actions, todo);
        const groupOf = new Map(groups.flatMap((group) => group.actions.map((name) => [name, group] as const)));
        for (const { name, needs } of actions) {
          const own = groupOf.get(name);
          for (const need of own ? needs : []) {
            const other = groupOf.get(need);
            if (!other || !own) continue;
            if (other === own) expect(own.actions.indexOf(need)).toBeLessThan(own.actions.indexOf(name));
            else expect(other.phase).toBeLessThan(own.phase);
          }
        }
      }),
    );
  });

  test('a recording with its whole chain is one; phases have no gaps', () => {
    fc.assert(
      fc.property(graphs, ({ actions, todo }) => {
        const groups = groupsOf(actions, todo);
        for (const { actions: own, recording } of groups) {
          for (const name of own) expect(actions.find((one) => one.name === name)?.recording).toBe(recording);
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

describe('what is to be done', () => {
  const planned = (action: Action, decision: 'execute' | 'reuse' | 'unknown', fails = false): PlannedAction => ({
    event: {
      type: 'action-planned',
      action: action.name,
      decision,
      why: [],
      waitsFor: [],
      failure: fails ? { reason: 'input-missing', port: 'x', path: 'x' } : null,
    },
    considered: null,
  });
  const [a, b] = [takes('a'), takes('b')];
  const after = takes('after', a);
  const partly = actionOf(stepOf('partly'), null, { all: gathers([a, b], true) });
  const wholly = actionOf(stepOf('wholly'), null, { all: gathers([a, b], false) });
  const actions = [a, b, after, partly, wholly];

  test('neither what has a result, nor what cannot have one', () => {
    const plan = actions.map((one) => planned(one, one === a ? 'unknown' : 'execute', one === a));
    expect([...todoOf(plan, actions, true)]).toEqual(['b', 'partly']);
    expect([...todoOf(plan, actions, false)]).toEqual(['b']);
    expect([
      ...todoOf(
        actions.map((one) => planned(one, one === b ? 'reuse' : 'execute')),
        actions,
        false,
      ),
    ]).toEqual(['a', 'after', 'partly', 'wholly']);
  });
});

describe('arrays', () => {
  const size = (cpus: number | null, memory: number | null, time: number | null): Resources => ({ cpus, memory, time });
  const group = (phase: number, recording: string) => ({ phase, recording, actions: [`x@${recording}` as ActionName] });
  const of = (resources: Resources, retries = 0): Step => stepOf('s', { resources, retries });
  const none = size(null, null, null);

  test('one for each phase and size, split where the cluster takes no more', () => {
    const groups = [group(0, 'a'), group(0, 'b'), group(0, 'c'), group(0, 'd'), group(1, 'a')];
    const sizes = (one: { recording: string | null }) => (one.recording === 'b' ? size(2, null, null) : none);
    const arrays = arraysOf(groups, sizes, 2);
    expect(arrays.map((array) => array.groups.map((one) => one.recording).join(' '))).toEqual(['a c', 'd', 'b', 'a']);
    expect(arrays.map((array) => array.resources.cpus)).toEqual([null, null, 2, null]);
    expect(arrays.map((array) => array.phase)).toEqual([0, 0, 0, 1]);
  });

  test("a task takes its steps' most cpus and memory, and all of their time and retries", () => {
    expect(sizeOfTask([of(size(2, 5e9, 60)), of(size(4, 1e9, 30), 2)], none)).toEqual(size(4, 5e9, 150));
    expect(sizeOfTask([of(size(2, null, 60)), of(none)], none)).toEqual(size(2, null, null));
    expect(sizeOfTask([of(size(2, null, 60)), of(none)], size(1, 3e9, 10))).toEqual(size(2, 3e9, 70));
  });
});
