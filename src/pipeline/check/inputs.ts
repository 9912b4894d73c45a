/** Checks whether the connections of a step's inputs fit its task. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { TaskInterface } from '../../task/define.ts';
import type { InputPort, OutputPort } from '../../task/ports.ts';
import { nearest } from '../text/nearest.ts';
import { suggestion } from '../text/suggestion.ts';
import type { Connection } from './connection.ts';
import type { StepDraft } from './draft.ts';
import { describePort, portMismatch, type SinglePort } from './port-mismatch.ts';

export interface CheckedInputs {
  readonly diagnostics: readonly Diagnostic[];
  /** Mistakes that adding `each: recording` to the step would mend. */
  readonly needEach: readonly Diagnostic[];
}

type PortConnection = Extract<Connection, { kind: 'port' }>;

/** Whether a connection gathers: from a step that runs for each recording to a step that runs once. */
export const gathers = (step: StepDraft, connection: PortConnection): boolean =>
  step.each === null && connection.from.each !== null;

export function checkInputs(
  step: StepDraft,
  connections: ReadonlyMap<string, Connection>,
  { inputs }: TaskInterface,
): CheckedInputs {
  const diagnostics: Diagnostic[] = [];
  const needEach: Diagnostic[] = [];
  const misspelt = new Set<string>();
  let gatheringReported = false;

  for (const [name, connection] of connections) {
    const declared = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (declared === undefined) {
      const free = Object.keys(inputs).filter((port) => !connections.has(port));
      const near = nearest(name, free);
      if (near !== undefined) misspelt.add(near);
      const candidates = near === undefined ? Object.keys(inputs) : free;
      const message = `step '${step.name}' has no input '${name}'`;
      diagnostics.push({ range: connection.key, message, ...suggestion(name, candidates, 'its inputs') });
    } else if (connection.kind === 'files') {
      if (step.task?.kind === 'shell') continue;
      const message = `input '${name}' takes ${describe(declared)}, and only a shell step takes files by a pattern`;
      diagnostics.push({ range: connection.pattern.range, message, hint: filesHint(declared) });
    } else if (declared.kind === 'gathered' && step.each !== null) {
      if (gatheringReported) continue;
      gatheringReported = true;
      const message = `input '${name}' gathers all recordings, so step '${step.name}' cannot run for each`;
      diagnostics.push({ range: step.each, message, hint: "remove 'each' from this step" });
    } else if (connection.kind === 'file') {
      if (declared.kind !== 'gathered') continue;
      const message = `input '${name}' gathers an output of all recordings and takes no single file`;
      diagnostics.push({
        range: connection.path.range,
        message,
        hint: `connect it to the output of a step: ${name}: step.port`,
      });
    } else if (connection.kind === 'port') {
      const problem = multiplicity(step, name, connection, declared);
      if (problem !== null) (gathers(step, connection) ? needEach : diagnostics).push(problem);
      else diagnostics.push(...kindProblem(name, connection, declared.kind === 'gathered' ? declared.of : declared));
    }
  }
  for (const [name, declared] of Object.entries(inputs)) {
    const optional = declared.kind !== 'gathered' && declared.optional === true;
    if (optional || connections.has(name) || misspelt.has(name)) continue;
    const message = `step '${step.name}' needs input '${name}'`;
    diagnostics.push({ range: step.inputsRange, message, hint: `it takes ${describe(declared)}` });
  }
  return { diagnostics, needEach };
}

/** Reports `partial` on an input that gathers nothing; in shell steps too. */
export function checkPartial(step: StepDraft, name: string, connection: Connection): readonly Diagnostic[] {
  if (connection.kind !== 'port' || connection.partial === null || gathers(step, connection)) return [];
  const message = `input '${name}' gathers nothing, so 'partial' has no meaning here`;
  return [{ range: connection.partial, message, hint: "remove 'partial'" }];
}

/** Reports an output for each recording at an input that takes a single output, and the reverse. */
function multiplicity(
  step: StepDraft,
  name: string,
  connection: PortConnection,
  declared: InputPort,
): Diagnostic | null {
  const { range } = connection.reference;
  if (declared.kind === 'gathered') {
    if (gathers(step, connection)) return null;
    const message = `input '${name}' gathers all recordings, but step '${connection.from.name}' runs once`;
    const related = [{ range: connection.from.key, message: `step '${connection.from.name}' has no 'each'` }];
    return { range, message, hint: 'connect it to a step that runs for each recording', related };
  }
  if (!gathers(step, connection)) return null;
  const message = `input '${name}' takes ${describe(declared)}, but step '${connection.from.name}' makes one for each recording`;
  return { range, message, hint: `add 'each: recording' to step '${step.name}'` };
}

function kindProblem(name: string, { output, reference }: PortConnection, wanted: SinglePort): readonly Diagnostic[] {
  const found = output === null ? null : portMismatch(wanted, output);
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

const filesHint = (declared: InputPort): string =>
  declared.kind === 'folder' ? 'write { file: folder }' : 'let a shell step gather them into a folder or a file';

const describe = (port: InputPort): string =>
  port.kind === 'gathered' ? `an output of all recordings (each ${describePort(port.of)})` : describePort({ ...port });
