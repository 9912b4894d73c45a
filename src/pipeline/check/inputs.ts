/** Whether what a step's inputs are connected to is what its task takes. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { TaskInterface } from '../../task/define.ts';
import type { InputPort, OutputPort } from '../../task/ports.ts';
import { nearest } from '../text/nearest.ts';
import { suggestion } from '../text/words.ts';
import type { StepDraft } from './draft.ts';
import { describePort, misfit, type SinglePort } from './fit.ts';
import type { Wire } from './wire.ts';

export interface CheckedInputs {
  readonly diagnostics: readonly Diagnostic[];
  /** Places that make sense only if the step ran once for each recording, which it does not say. */
  readonly needEach: readonly Diagnostic[];
}

type PortWire = Extract<Wire, { kind: 'port' }>;

/** Whether a wire gathers: from a step that runs for each recording to one that runs once. */
export const gathers = (step: StepDraft, wire: PortWire): boolean => step.each === null && wire.from.each !== null;

export function checkInputs(
  step: StepDraft,
  wires: ReadonlyMap<string, Wire>,
  { inputs }: TaskInterface,
): CheckedInputs {
  const diagnostics: Diagnostic[] = [];
  const needEach: Diagnostic[] = [];
  const meant = new Set<string>();
  let gatheringReported = false;

  for (const [name, wire] of wires) {
    const declared = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (declared === undefined) {
      const free = Object.keys(inputs).filter((port) => !wires.has(port));
      const near = nearest(name, free);
      if (near !== undefined) meant.add(near);
      const candidates = near === undefined ? Object.keys(inputs) : free;
      const message = `step '${step.name}' has no input '${name}'`;
      diagnostics.push({ range: wire.key, message, ...suggestion(name, candidates, 'its inputs') });
    } else if (declared.kind === 'gathered' && step.each !== null) {
      if (gatheringReported) continue;
      gatheringReported = true;
      const message = `input '${name}' gathers all recordings, so step '${step.name}' cannot run for each`;
      diagnostics.push({ range: step.each, message, hint: "remove 'each' from this step" });
    } else if (wire.kind === 'file') {
      if (declared.kind !== 'gathered') continue;
      const message = `input '${name}' gathers an output of all recordings and takes no single file`;
      diagnostics.push({
        range: wire.path.range,
        message,
        hint: `connect it to the output of a step: ${name}: step.port`,
      });
    } else if (wire.kind === 'port') {
      const problem = multiplicity(step, name, wire, declared);
      if (problem !== null) (gathers(step, wire) ? needEach : diagnostics).push(problem);
      else diagnostics.push(...kindProblem(name, wire, declared.kind === 'gathered' ? declared.of : declared));
    }
  }
  for (const [name, declared] of Object.entries(inputs)) {
    const optional = declared.kind !== 'gathered' && declared.optional === true;
    if (optional || wires.has(name) || meant.has(name)) continue;
    const message = `step '${step.name}' needs input '${name}'`;
    diagnostics.push({ range: step.inputsPlace, message, hint: `it takes ${describe(declared)}` });
  }
  return { diagnostics, needEach };
}

/** `partial` where nothing is gathered; of any step, shell steps too. */
export function checkPartial(step: StepDraft, name: string, wire: Wire): readonly Diagnostic[] {
  if (wire.kind !== 'port' || wire.partial === null || gathers(step, wire)) return [];
  const message = `input '${name}' gathers nothing, so 'partial' has no meaning here`;
  return [{ range: wire.partial, message, hint: "remove 'partial'" }];
}

/** One or all: an output for each recording against an input that takes one, and the other way round. */
function multiplicity(step: StepDraft, name: string, wire: PortWire, declared: InputPort): Diagnostic | null {
  const { range } = wire.reference;
  if (declared.kind === 'gathered') {
    if (gathers(step, wire)) return null;
    const message = `input '${name}' gathers all recordings, but step '${wire.from.name}' runs once`;
    const related = [{ range: wire.from.key, message: `step '${wire.from.name}' has no 'each'` }];
    return { range, message, hint: 'connect it to a step that runs for each recording', related };
  }
  if (!gathers(step, wire)) return null;
  const message = `input '${name}' takes ${describe(declared)}, but step '${wire.from.name}' makes one for each recording`;
  return { range, message, hint: `add 'each: recording' to step '${step.name}'` };
}

function kindProblem(name: string, { output, reference }: PortWire, wanted: SinglePort): readonly Diagnostic[] {
  const found = output === null ? null : misfit(wanted, output);
  if (found === null) return [];
  const { range, value } = reference;
  switch (found.kind) {
    case 'kind': {
      const message = `input '${name}' takes ${describe(wanted)}, but '${value}' is ${describePort(output as OutputPort)}`;
      return [{ range, message }];
    }
    case 'missing':
      return [
        {
          range,
          message: `'${value}' may be missing, but input '${name}' needs it`,
          hint: 'declare the input as optional in its task, or the output as never missing',
        },
      ];
    case 'columns':
      return [{ range, message: `the table '${value}' does not fit input '${name}'`, hint: found.problems.join('; ') }];
  }
}

const describe = (port: InputPort): string =>
  port.kind === 'gathered' ? `an output of all recordings (each ${describePort(port.of)})` : describePort({ ...port });
