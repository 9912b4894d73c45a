/** Makes the interface of a shell step from the document. */
import type { JsonObject } from '../../base/json.ts';
import type { TaskInterface } from '../../task/define.ts';
import type { InputPort, OutputPort } from '../../task/ports.ts';
import type { ColumnSchema, TableSchema } from '../../task/table-schema.ts';
import { entriesOf, isMap, isText, isTrue, type Node, toJson } from '../text/node.ts';
import type { Connection } from './connection.ts';
import type { StepDraft } from './draft.ts';
import { gathers } from './inputs.ts';
import type { SinglePort } from './port-mismatch.ts';

export const shellOutputs = (step: StepDraft): ReadonlyMap<string, OutputPort> =>
  new Map([...step.outputs].map(([name, { value }]) => [name, outputPort(value)]));

function outputPort(node: Node): OutputPort {
  if (isText(node)) return { kind: 'file', extension: node.value };
  const entries = entriesOf(node);
  const fieldIn = (field: string) => entries.get(field)?.value;
  const [file, columns, from] = ['file', 'table', 'from'].map(fieldIn);
  const optional = isTrue(fieldIn('optional')) ? { optional: true } : {};
  if (columns !== undefined) {
    const csv = isText(from) && from.value === 'csv' ? { from: from.value as 'csv' } : {};
    return { kind: 'table', table: tableSchema(columns, fieldIn('description')), ...csv, ...optional };
  }
  if (isTrue(fieldIn('folder'))) return { kind: 'folder', ...optional };
  return { kind: 'file', extension: isText(file) ? file.value : '', ...optional };
}

/** The document may leave out descriptions; the form of the columns was checked before. */
function tableSchema(columns: Node, description: Node | undefined): TableSchema {
  const named = [...entriesOf(columns)].map(([name, { value }]) => {
    const column = isMap(value) ? (toJson(value) as JsonObject) : {};
    return [name, { description: '', ...column } as unknown as ColumnSchema] as const;
  });
  return { description: isText(description) ? description.value : '', columns: Object.fromEntries(named) };
}

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
  if (connection.kind === 'files') return { kind: 'gathered', of: { kind: 'file' } };
  if (connection.kind !== 'port' || connection.output === null) return { kind: 'file' };
  const single = asInput(connection.output);
  return gathers(step, connection) ? { kind: 'gathered', of: single } : single;
}

function asInput(output: OutputPort): SinglePort {
  const optional = output.kind !== 'figure' && output.optional === true ? { optional: true } : {};
  if (output.kind === 'table') return { kind: 'table', table: output.table, ...optional };
  return { kind: output.kind === 'folder' ? 'folder' : 'file', ...optional };
}
