/** The context of a comparison between two runs, from their records alone. */
import { actionName, partsOf } from '../base/action-name.ts';
import { fillText } from '../pipeline/recording.ts';
import type { CauseContext } from './cause.ts';
import type { RunRecord, StepRecord } from './run-record.ts';

const stepIn = (record: RunRecord, name: string): StepRecord | undefined =>
  record.steps.find((step) => step.name === name);

/** The source of an input in a run, a user's file or an action; undefined if the input was not given. */
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
  if (input.kind === 'files') return { kind: 'file', name: input.pattern };
  const ofEach = stepIn(record, input.step)?.each === true ? recording : null;
  const source = { step: input.step, recording: input.gathered ? gathered : ofEach };
  return { kind: 'action', name: actionName(source) };
}

/** An input that only the run before had keeps the source that it had there. */
export function contextBetween(before: RunRecord | undefined, after: RunRecord, action: string): CauseContext {
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
