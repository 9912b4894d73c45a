/** Expands steps to actions: a step with `each` becomes an action per recording. Linear in actions and their needs. */

import type { ActionName } from '../base/action-name.ts';
import { actionName } from '../base/action-name.ts';
import type { Action, ActionInput, Graph } from './graph.ts';
import { dependencyOrder } from './order.ts';
import type { Input, Pipeline, Step } from './pipeline.ts';
import { fillParams, fillText, mentionsRecording } from './recording.ts';

export function expand({ steps, recordings }: Pipeline): Graph {
  const indexes = new Map(steps.map(({ name }, index) => [name, index]));
  const needs = steps.map(({ inputs }) =>
    Object.values(inputs).flatMap((input) => (input.kind === 'port' ? [indexes.get(input.step) ?? 0] : [])),
  );
  const { order } = dependencyOrder(steps.length, (index) => needs[index] ?? []);
  return { actions: order.flatMap((index) => actionsOf(steps[index] as Step, steps, indexes, recordings)) };
}

function actionsOf(
  step: Step,
  steps: readonly Step[],
  indexes: ReadonlyMap<string, number>,
  recordings: readonly string[],
): readonly Action[] {
  const forEach = (name: string): boolean => steps[indexes.get(name) ?? -1]?.each === true;
  // Make values that all actions share only once: gathered lists, parameters without `{recording}`.
  const fillers = Object.entries(step.inputs).map(([port, input]) => {
    const each = input.kind === 'port' && forEach(input.step);
    return { port, fill: filler(input, recordings, each) };
  });
  const paramsVary = mentionsRecording(step.params);
  return (step.each ? recordings : [null]).map((recording) => {
    const inputs: { [port: string]: ActionInput } = {};
    for (const { port, fill } of fillers) inputs[port] = fill(recording);
    const params = paramsVary && recording !== null ? fillParams(step.params, recording) : step.params;
    return {
      name: actionName({ step: step.name, recording }),
      step,
      recording,
      params,
      inputs,
      needs: needsOf(inputs),
    };
  });
}

/** @param each whether the step that makes the input runs for each recording. */
function filler(input: Input, recordings: readonly string[], each: boolean): (recording: string | null) => ActionInput {
  if (input.kind === 'file') {
    const { path } = input;
    return (recording) => ({ kind: 'file', path: recording === null ? path : fillText(path, recording) });
  }
  if (input.kind === 'files') {
    const { pattern, except } = input;
    const filled = (recording: string): ActionInput => ({
      ...input,
      pattern: fillText(pattern, recording),
      except: except.map((text) => fillText(text, recording)),
    });
    return (recording) => (recording === null ? input : filled(recording));
  }
  const { step, port, partial } = input;
  if (input.gathered) {
    const from = recordings.map((recording) => ({ recording, action: actionName({ step, recording }) }));
    return () => ({ kind: 'gathered', port, partial, from });
  }
  return (recording) => ({ kind: 'port', action: actionName({ step, recording: each ? recording : null }), port });
}

function needsOf(inputs: Action['inputs']): readonly ActionName[] {
  const names: ActionName[] = [];
  for (const port in inputs) {
    const input = inputs[port];
    if (input?.kind === 'port') names.push(input.action);
    else if (input?.kind === 'gathered') for (const { action } of input.from) names.push(action);
  }
  return names.length < 2 ? names : [...new Set(names)];
}
