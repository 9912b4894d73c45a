/** Makes the interface of a shell step from the document. */
import type { JsonObject } from '../../base/json.ts';
import type { TaskInterface } from '../../task/define.ts';
import type { InputPort, OutputPort } from '../../task/ports.ts';
import { isText } from '../text/node.ts';
import type { Connection } from './connection.ts';
import type { StepDraft } from './draft.ts';
import { gathers } from './inputs.ts';
import type { SinglePort } from './port-mismatch.ts';

export const shellOutputs = (step: StepDraft): ReadonlyMap<string, OutputPort> =>
  new Map(
    [...step.outputs].map(([name, { value }]) => [
      name,
      { kind: 'file', extension: isText(value) ? value.value : '' } as const,
    ]),
  );

/** An input takes the kind of the output that it is connected to; a parameter may be any scalar. */
export function shellInterface(step: StepDraft, connections: ReadonlyMap<string, Connection>): TaskInterface {
  const inputs = [...connections].map(([name, connection]): [string, InputPort] => [name, inputPort(step, connection)]);
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

function inputPort(step: StepDraft, connection: Connection): InputPort {
  if (connection.kind !== 'port' || connection.output === null) return { kind: 'file' };
  const single = asInput(connection.output);
  return gathers(step, connection) ? { kind: 'gathered', of: single } : single;
}

function asInput(output: OutputPort): SinglePort {
  const optional = output.kind !== 'figure' && output.optional === true ? { optional: true } : {};
  if (output.kind === 'table') return { kind: 'table', table: output.table, ...optional };
  return { kind: output.kind === 'folder' ? 'folder' : 'file', ...optional };
}
