/** Checks that a step with `{recording}` in its texts runs for each recording. */
import type { Diagnostic, Range } from '../../base/diagnostic.ts';
import { RECORDING } from '../recording.ts';
import { partOf, type TextNode, textsIn } from '../text/node.ts';
import type { StepDraft } from './draft.ts';

/** Reports `{recording}` in a step that does not run for each recording. */
export function checkRecordingUse(step: StepDraft): readonly Diagnostic[] {
  if (step.each !== null) return [];
  return textsOf(step)
    .flatMap((text) => placesIn(text))
    .map((range) => ({
      range,
      message: `step '${step.name}' runs once, so there is no recording to fill in`,
      hint: `add 'each: recording' to step '${step.name}'`,
    }));
}

/** Merges all signs of a missing `each` in a step into a single diagnostic. */
export function asSingleMistake([first, ...others]: readonly Diagnostic[]): readonly Diagnostic[] {
  if (first === undefined) return [];
  return others.length === 0
    ? [first]
    : [{ ...first, related: others.map(({ range, message }) => ({ range, message })) }];
}

function textsOf(step: StepDraft): readonly TextNode[] {
  const paths = [...step.inputs.values()].flatMap((input) => {
    if (input.kind === 'files') return [input.pattern, ...input.except];
    return input.kind === 'file' ? [input.path] : [];
  });
  const params = [...step.params.values()].flatMap(({ value }) => [...textsIn(value)]);
  return [...paths, ...params, ...(step.task?.kind === 'shell' ? [step.task.text] : [])];
}

function placesIn(text: TextNode): readonly Range[] {
  const at = text.value.indexOf(RECORDING);
  return at === -1 ? [] : [partOf(text, at, RECORDING.length)];
}
