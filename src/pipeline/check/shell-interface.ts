/** The interface of a shell step, made from what the document says of it. */
import type { JsonObject } from '../../base/json.ts';
import type { TaskInterface } from '../../task/define.ts';
import type { InputPort, OutputPort } from '../../task/ports.ts';
import { isText } from '../text/node.ts';
import type { StepDraft } from './draft.ts';
import type { SinglePort } from './fit.ts';
import { gathers } from './inputs.ts';
import type { Wire } from './wire.ts';

export const shellOutputs = (step: StepDraft): ReadonlyMap<string, OutputPort> =>
  new Map(
    [...step.outputs].map(([name, { value }]) => [
      name,
      { kind: 'file', extension: isText(value) ? value.value : '' } as const,
    ]),
  );

/** Inputs are of the kind that they are connected to; parameters may be any scalar. */
export function shellInterface(step: StepDraft, wires: ReadonlyMap<string, Wire>): TaskInterface {
  const inputs = [...wires].map(([name, wire]): [string, InputPort] => [name, inputPort(step, wire)]);
  const scalar: JsonObject = { type: ['string', 'number', 'boolean', 'null'] };
  return {
    inputs: Object.fromEntries(inputs),
    params: {
      type: 'object',
      properties: Object.fromEntries([...step.params.keys()].map((name) => [name, scalar])),
      required: [...step.params.keys()],
      additionalProperties: false,
    },
    outputs: Object.fromEntries(shellOutputs(step)),
  };
}

function inputPort(step: StepDraft, wire: Wire): InputPort {
  if (wire.kind !== 'port' || wire.output === null) return { kind: 'file' };
  const single = asInput(wire.output);
  return gathers(step, wire) ? { kind: 'gathered', of: single } : single;
}

function asInput(output: OutputPort): SinglePort {
  const optional = output.kind !== 'figure' && output.optional === true ? { optional: true } : {};
  if (output.kind === 'table') return { kind: 'table', table: output.table, ...optional };
  return { kind: output.kind === 'folder' ? 'folder' : 'file', ...optional };
}
