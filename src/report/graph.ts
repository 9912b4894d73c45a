/** The graph of steps as text, mermaid, dot or JSON. Not of actions: nineteen copies of a chain show nothing more. */
import type { Graph } from '../pipeline/graph.ts';
import type { Input, Step } from '../pipeline/pipeline.ts';
import { jsonText } from './controls.ts';

export type GraphFormat = 'text' | 'mermaid' | 'dot' | 'json';

interface Edge {
  readonly from: string;
  readonly port: string;
  readonly to: string;
  readonly input: string;
}

export function graphText(graph: Graph, format: GraphFormat): string {
  const steps = stepsOf(graph);
  const names = new Set(steps.map(({ step }) => step.name));
  // Numbered ids: `end` is a keyword of mermaid, and `a-b` and `a.b` would clash.
  const ids = new Map(steps.map(({ step }, index) => [step.name, `s${index + 1}`]));
  const edges = steps.flatMap(({ step }) => edgesOf(step)).filter(({ from }) => names.has(from));
  switch (format) {
    case 'json':
      return jsonText(jsonOf(graph), 2);
    case 'mermaid':
      return [
        'flowchart LR',
        ...steps.map(({ step, actions }) => `  ${ids.get(step.name)}["${labelOf(step, actions)}"]`),
        ...edges.map(({ from, port, to }) => `  ${ids.get(from)} -->|${port}| ${ids.get(to)}`),
      ].join('\n');
    case 'dot':
      return [
        'digraph pipeline {',
        '  rankdir=LR;',
        '  node [shape=box, style=rounded];',
        ...steps.map(({ step, actions }) => `  "${step.name}" [label="${labelOf(step, actions)}"];`),
        ...edges.map(({ from, port, to }) => `  "${from}" -> "${to}" [label="${port}"];`),
        '}',
      ].join('\n');
    case 'text':
      return steps
        .flatMap(({ step, actions }) => [
          labelOf(step, actions),
          ...Object.entries(step.inputs).map(([port, input]) => `  ${port} <- ${sourceOf(input)}`),
        ])
        .join('\n');
  }
}

function sourceOf(input: Input): string {
  if (input.kind === 'file') return input.path;
  if (input.kind === 'files') return input.pattern;
  return `${input.step}.${input.port}${input.gathered ? ' (of all)' : ''}`;
}

const labelOf = (step: Step, actions: number): string => (step.each ? `${step.name} x ${actions}` : step.name);

function stepsOf(graph: Graph): { readonly step: Step; readonly actions: number }[] {
  const counts = new Map<Step, number>();
  for (const { step } of graph.actions) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].map(([step, actions]) => ({ step, actions }));
}

const edgesOf = (step: Step): Edge[] =>
  Object.entries(step.inputs).flatMap(([port, input]) =>
    input.kind === 'port' ? [{ from: input.step, port: input.port, to: step.name, input: port }] : [],
  );

const jsonOf = (graph: Graph) => ({
  steps: stepsOf(graph).map(({ step }) => ({
    step: step.name,
    each: step.each,
    inputs: step.inputs,
    params: step.params,
  })),
  actions: graph.actions.map(({ name, recording, needs }) => ({ action: name, recording, needs })),
});
