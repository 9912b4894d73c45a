import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expand } from '../../src/pipeline/expand.ts';
import type { Graph } from '../../src/pipeline/graph.ts';
import { dependencyOrder } from '../../src/pipeline/order.ts';
import type { Input, Step } from '../../src/pipeline/pipeline.ts';
import { selectTargets } from '../../src/pipeline/targets.ts';
import { pipelineOf } from '../history/action.ts';
import { steps, valid } from './check/mistakes.ts';
import { randomPipelines } from './random-pipelines.ts';

const small = valid(`${steps('    params: { label: "a {recording} b {recording}" }\n')}  summary:
    uses: ./summary.ts
    inputs: { verdicts: { from: unzip.info, partial: true } }
`);
const names = ({ actions }: Graph) => actions.map(({ name }) => name);

describe('expand', () => {
  test('expand makes an action per recording, dependencies first, otherwise in the order of the document', () => {
    expect(names(expand(small))).toEqual(['unzip@r1', 'unzip@r2', 'detect@r1', 'detect@r2', 'summary']);
    const reversed = { ...small, steps: [...small.steps].reverse() };
    expect(names(expand(reversed))).toEqual(['unzip@r1', 'unzip@r2', 'summary', 'detect@r1', 'detect@r2']);
  });

  test('expand fills in the recording and lists the needs of each action', () => {
    const { actions } = expand(small);
    expect(actions[1]).toMatchObject({
      recording: 'r2',
      inputs: { archive: { kind: 'file', path: 'data/r2.tar.gz' } },
      needs: [],
    });
    expect(actions[3]).toMatchObject({
      recording: 'r2',
      params: { label: 'a r2 b r2' },
      inputs: { juxta: { kind: 'port', action: 'unzip@r2', port: 'juxta' } },
      needs: ['unzip@r2'],
    });
    expect(actions[4]).toMatchObject({
      recording: null,
      inputs: {
        verdicts: {
          kind: 'gathered',
          port: 'info',
          partial: true,
          from: [
            { recording: 'r1', action: 'unzip@r1' },
            { recording: 'r2', action: 'unzip@r2' },
          ],
        },
      },
      needs: ['unzip@r1', 'unzip@r2'],
    });
  });

  test('expand connects every recording to the same action of a step without each', () => {
    const once = valid(`${steps('')}  page: { uses: ./page.ts, inputs: { picture: { file: a.svg } } }
  x: { uses: ./page.ts, each: recording, inputs: { picture: page.page } }
`);
    expect(expand(once).actions.at(-1)).toMatchObject({ name: 'x@r2', needs: ['page'] });
  });
});

const base = small.steps[0] as Step;

test('every graph is complete and in topological order, and every selection contains its needs in that order', () => {
  fc.assert(
    fc.property(randomPipelines, fc.nat(), (pipeline, pick) => {
      const graph = expand(pipeline);
      const expected = pipeline.steps.flatMap(({ name, each }) =>
        each ? pipeline.recordings.map((recording) => `${name}@${recording}`) : [name],
      );
      expect([...names(graph)].sort()).toEqual(expected.sort());
      const done = new Set<string>();
      for (const action of graph.actions) {
        for (const need of action.needs) expect(done).toContain(need);
        expect(new Set(action.needs).size).toBe(action.needs.length);
        done.add(action.name);
      }
      const target = graph.actions[pick % graph.actions.length];
      const selected = target === undefined ? undefined : selectTargets(graph, { targets: [target.name], skip: [] });
      if (!selected?.ok || target === undefined) throw new Error('the target is known');
      const chosen = new Set<string>(names(selected.value));
      expect(names(selected.value)).toEqual(names(graph).filter((name) => chosen.has(name)));
      for (const action of selected.value.actions) {
        const wanted = action === target || selected.value.actions.some(({ needs }) => needs.includes(action.name));
        expect(wanted).toBe(true);
        for (const need of action.needs) expect(chosen).toContain(need);
      }
    }),
  );
});

test('expand follows a chain of 10,000 steps', () => {
  const chain = Array.from({ length: 10_000 }, (_, i): Step => {
    const input: Input = { kind: 'port', step: `s${i + 1}`, port: 'o', gathered: false, partial: false };
    return { ...base, name: `s${i}`, each: false, inputs: i === 9_999 ? {} : { a: input } };
  });
  const { actions } = expand(pipelineOf([], chain));
  expect([actions[0]?.name, actions.at(-1)?.name]).toEqual(['s9999', 's0']);
});

describe('order', () => {
  test('dependencyOrder keeps the given order unless a dependency forbids it', () => {
    const needs = [[2], [], [], [0]];
    expect(dependencyOrder(4, (i) => needs[i] ?? [])).toEqual({ order: [2, 0, 1, 3], cycles: [] });
  });

  test('dependencyOrder finds every circle, and still orders all indexes', () => {
    const needs = [[1], [0, 2], [1], [3]];
    const { order, cycles } = dependencyOrder(4, (i) => needs[i] ?? []);
    expect(cycles).toEqual([[0, 1], [1, 2], [3]]);
    expect([...order].sort()).toEqual([0, 1, 2, 3]);
  });
});
