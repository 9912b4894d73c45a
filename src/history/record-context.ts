/** The context of a comparison between two runs, from their records alone. */
import { actionName, partsOf } from '../base/action-name.ts';
import { fillText } from '../pipeline/recording.ts';
import type { Context } from './cause.ts';
import type { RunRecord, StepRecord } from './run-record.ts';

const stepIn = (record: RunRecord, name: string): StepRecord | undefined =>
  record.steps.find((step) => step.name === name);

/** Where an input of an action came from in a run: a user's file, or an action; undefined if it was wired to nothing. */
export function sourceIn(
  record: RunRecord,
  action: string,
  port: string,
  gathered: string | null,
): { readonly kind: 'file' | 'action'; readonly name: string } | undefined {
  const { step, recording } = partsOf(action);
  const inputs = stepIn(record, step)?.inputs ?? {};
  const input = Object.hasOwn(inputs, port) ? inputs[port] : undefined;
  if (!input) return undefined;
  if (input.kind === 'file') {
    return { kind: 'file', name: recording === null ? input.path : fillText(input.path, recording) };
  }
  const each = stepIn(record, input.step)?.each === true;
  const of = input.gathered ? gathered : each ? recording : null;
  return { kind: 'action', name: actionName({ step: input.step, recording: of }) };
}

/** An input that is gone comes from where it came from before. */
export function contextBetween(before: RunRecord | undefined, after: RunRecord, action: string): Context {
  const { step } = partsOf(action);
  const [was, is] = [before && stepIn(before, step), stepIn(after, step)];
  const files = [...new Set([...Object.keys(was?.sources ?? {}), ...Object.keys(is?.sources ?? {})])];
  return {
    positions: is?.positions ?? {},
    changedFiles: files.filter((path) => was?.sources[path] !== is?.sources[path]).sort(),
    sourceOf: (port, recording) =>
      (sourceIn(after, action, port, recording) ?? (before && sourceIn(before, action, port, recording)))?.name ?? '',
  };
}
