/** Connects an input of a step to a file or to an output: finds the step and the port that it names. */

import type { Diagnostic, Range } from '../../base/diagnostic.ts';
import type { OutputPort } from '../../task/ports.ts';
import { partOf, type TextNode } from '../text/node.ts';
import { type suggester, suggestion } from '../text/suggestion.ts';
import type { InputDraft, StepDraft } from './draft.ts';

export type Connection =
  | Extract<InputDraft, { kind: 'file' | 'files' }>
  | {
      readonly kind: 'port';
      readonly key: Range;
      readonly reference: TextNode;
      readonly partial: Range | null;
      readonly from: StepDraft;
      readonly port: string;
      /** Null if the step's task could not be loaded. */
      readonly output: OutputPort | null;
    }
  /** A wrong input, which is reported already. */
  | { readonly kind: 'wrong'; readonly key: Range };

/** Outputs of each step by name; null if the task could not be loaded. */
export type Outputs = ReadonlyMap<string, ReadonlyMap<string, OutputPort> | null>;

export function connect(
  input: InputDraft,
  steps: ReadonlyMap<string, StepDraft>,
  outputs: Outputs,
  nearStep: ReturnType<typeof suggester>,
): { readonly connection: Connection; readonly diagnostics: readonly Diagnostic[] } {
  if (input.kind !== 'port') return { connection: input, diagnostics: [] };
  const { key, reference, partial } = input;
  const { value } = reference;
  const wrong = (range: Range, message: string, hint: { readonly hint?: string }) => ({
    connection: { kind: 'wrong', key } as const,
    diagnostics: [{ range, message, ...hint }],
  });

  const whole = steps.get(value);
  if (whole !== undefined) {
    const ports = [...(outputs.get(value)?.keys() ?? [])].map((port) => `${value}.${port}`);
    return wrong(reference.range, `'${value}' is a step, not one of its outputs`, suggestion('', ports, 'its outputs'));
  }
  const dot = value.lastIndexOf('.');
  const name = dot === -1 ? value : value.slice(0, dot);
  const port = dot === -1 ? '' : value.slice(dot + 1);
  const from = steps.get(name);
  if (from === undefined) {
    const isPath = /[/\\]/.test(value);
    const hint = isPath ? { hint: `for a file of your own write { file: ${value} }` } : nearStep(name);
    return wrong(partOf(reference, 0, name.length), `there is no step '${name}'`, hint);
  }
  const ports = outputs.get(name) ?? null;
  const output = ports?.get(port) ?? null;
  if (ports !== null && output === null) {
    if (port === '')
      return wrong(reference.range, `'${value}' names no output`, suggestion('', ports.keys(), 'outputs'));
    const range = partOf(reference, dot + 1, port.length);
    return wrong(range, `step '${name}' has no output '${port}'`, suggestion(port, ports.keys(), 'its outputs'));
  }
  return { connection: { kind: 'port', key, reference, partial, from, port, output }, diagnostics: [] };
}
