import { expect, test } from 'vitest';
import { expand } from '../../src/pipeline/expand.ts';
import type { Step } from '../../src/pipeline/pipeline.ts';
import { graphText } from '../../src/report/graph.ts';
import { pipelineOf, stepOf } from '../history/action.ts';

const port = (step: string, name: string, gathered = false) =>
  ({ kind: 'port', step, port: name, gathered, partial: false }) as const;

const steps: Step[] = [
  stepOf('unzip', { each: true, inputs: { archive: { kind: 'file', path: 'data/{recording}.tar.gz' } } }),
  stepOf('end', { each: true, inputs: { juxta: port('unzip', 'juxta'), info: port('unzip', 'info') } }),
  stepOf('a-b', { inputs: { all: port('end', 'peaks', true) }, params: { limit: 3 } }),
  stepOf('a.b', { inputs: { all: port('a-b', 'table') } }),
];
const graph = expand(pipelineOf(['x', 'y'], steps));

test('graphText lists the inputs of each step and their sources as text', () => {
  expect(`\n${graphText(graph, 'text')}\n`).toMatchInlineSnapshot(`
    "
    unzip x 2
      archive <- data/{recording}.tar.gz
    end x 2
      juxta <- unzip.juxta
      info <- unzip.info
    a-b
      all <- end.peaks (of all)
    a.b
      all <- a-b.table
    "
  `);
});

test('graphText writes mermaid for any names of steps', () => {
  expect(`\n${graphText(graph, 'mermaid')}\n`).toMatchInlineSnapshot(`
    "
    flowchart LR
      s1["unzip x 2"]
      s2["end x 2"]
      s3["a-b"]
      s4["a.b"]
      s1 -->|juxta| s2
      s1 -->|info| s2
      s2 -->|peaks| s3
      s3 -->|table| s4
    "
  `);
});

test('graphText writes dot', () => {
  expect(`\n${graphText(graph, 'dot')}\n`).toMatchInlineSnapshot(`
    "
    digraph pipeline {
      rankdir=LR;
      node [shape=box, style=rounded];
      "unzip" [label="unzip x 2"];
      "end" [label="end x 2"];
      "a-b" [label="a-b"];
      "a.b" [label="a.b"];
      "unzip" -> "end" [label="juxta"];
      "unzip" -> "end" [label="info"];
      "end" -> "a-b" [label="peaks"];
      "a-b" -> "a.b" [label="table"];
    }
    "
  `);
});

test('graphText writes steps and actions as JSON', () => {
  expect(JSON.parse(graphText(graph, 'json'))).toEqual({
    steps: steps.map(({ name, each, inputs, params }) => ({ step: name, each, inputs, params })),
    actions: [
      { action: 'unzip@x', recording: 'x', needs: [] },
      { action: 'unzip@y', recording: 'y', needs: [] },
      { action: 'end@x', recording: 'x', needs: ['unzip@x'] },
      { action: 'end@y', recording: 'y', needs: ['unzip@y'] },
      { action: 'a-b', recording: null, needs: ['end@x', 'end@y'] },
      { action: 'a.b', recording: null, needs: ['a-b'] },
    ],
  });
});

test('graphText of targets draws no edge to a step outside the graph', () => {
  const part = { actions: graph.actions.filter(({ step }) => step.name !== 'unzip') };
  expect(graphText(part, 'mermaid')).not.toContain('undefined');
  expect(graphText(part, 'dot')).not.toContain('unzip');
});
