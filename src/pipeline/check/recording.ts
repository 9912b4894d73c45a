/** Whether a step has the recording that its texts speak of. */
import type { Diagnostic, Range } from '../../base/diagnostic.ts';
import { RECORDING } from '../recording.ts';
import { partOf, type TextNode, textsIn } from '../text/node.ts';
import type { StepDraft } from './draft.ts';

/** Places with `{recording}` in a step that does not run for each. */
export function withoutRecording(step: StepDraft): readonly Diagnostic[] {
  if (step.each !== null) return [];
  return textsOf(step)
    .flatMap((text) => placesIn(text))
    .map((range) => ({
      range,
      message: `step '${step.name}' runs once, so there is no recording to fill in`,
      hint: `add 'each: recording' to step '${step.name}'`,
    }));
}

/** A step that lacks `each` is one mistake, wherever it shows. */
export function asOne([first, ...others]: readonly Diagnostic[]): readonly Diagnostic[] {
  if (first === undefined) return [];
  return others.length === 0
    ? [first]
    : [{ ...first, related: others.map(({ range, message }) => ({ range, message })) }];
}

function textsOf(step: StepDraft): readonly TextNode[] {
  const paths = [...step.inputs.values()].flatMap((input) => (input.kind === 'file' ? [input.path] : []));
  const params = [...step.params.values()].flatMap(({ value }) => [...textsIn(value)]);
  return [...paths, ...params, ...(step.task?.kind === 'shell' ? [step.task.text] : [])];
}

function placesIn(text: TextNode): readonly Range[] {
  const at = text.value.indexOf(RECORDING);
  return at === -1 ? [] : [partOf(text, at, RECORDING.length)];
}
