import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action } from '../../src/pipeline/graph.ts';
import { readyQueue } from '../../src/schedule/ready-queue.ts';
import { actionOf, stepOf } from '../history/action.ts';

/** Steps by recordings, as `expand` gives them, with a step of no recording at the end. */
const graph = (steps: number, recordings: number): Action[] => [
  ...Array.from({ length: steps }, (_, step) =>
    Array.from({ length: recordings }, (_, recording) => actionOf(stepOf(`s${step}`), `r${recording}`)),
  ).flat(),
  actionOf(stepOf('all')),
];

const takeAll = ({ take }: ReturnType<typeof readyQueue>): string[] => {
  const names: string[] = [];
  for (let action = take(); action; action = take()) names.push(action.name);
  return names;
};

test('gives actions without a recording first, then recording by recording, each step by step', () => {
  const actions = graph(2, 2);
  const queue = readyQueue(actions);
  for (const action of actions) queue.add(action);
  expect(takeAll(queue)).toEqual(['all', 's0@r0', 's1@r0', 's0@r1', 's1@r1']);
  expect([queue.first(), queue.take()]).toEqual([undefined, undefined]);
});

test('gives each ready action once, in an order that does not depend on when it was added', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }).chain((size) => fc.shuffledSubarray(graph(size, 5 - size))),
      fc.nat(20),
      (chosen, between) => {
        const actions = graph(4, 4);
        const all = readyQueue(actions);
        for (const action of actions) all.add(action);
        const order = takeAll(all);
        const rank = ({ name }: Action) => order.indexOf(name);
        const queue = readyQueue(actions);
        const waiting: Action[] = [];
        for (const [i, action] of chosen.entries()) {
          queue.add(action);
          waiting.push(action);
          waiting.sort((a, b) => rank(a) - rank(b));
          if (i % 3 === between % 3) expect(queue.take()?.name).toBe(waiting.shift()?.name);
        }
        expect(takeAll(queue)).toEqual(waiting.map(({ name }) => name));
      },
    ),
  );
});
