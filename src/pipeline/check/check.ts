/** Everything about a pipeline that hangs together: names, kinds, parameters, circles. All mistakes at once. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { TaskInterface } from '../../task/define.ts';
import type { Input, Pipeline, Step } from '../pipeline.ts';
import { fileAndLine } from '../text/position.ts';
import { suggester } from '../text/words.ts';
import { afterwards } from './afterwards.ts';
import { checkCycles } from './cycles.ts';
import type { Draft, StepDraft } from './draft.ts';
import { checkInputs, checkPartial, gathers } from './inputs.ts';
import { checkNames } from './names.ts';
import { checkShellParams, paramsChecker } from './params.ts';
import type { ParsedPipeline } from './parse.ts';
import { checkPath } from './path.ts';
import { asOne, withoutRecording } from './recording.ts';
import { checkShell } from './shell.ts';
import { shellInterface, shellOutputs } from './shell-interface.ts';
import { checkSlurm } from './slurm.ts';
import { type Outputs, type Wire, wireOf } from './wire.ts';

/** By what steps `use`; the error says why a module could not be loaded. */
export type Interfaces = ReadonlyMap<string, Result<TaskInterface, string>>;

/** The error holds all mistakes, those of `parsePipeline` too. */
export function checkPipeline(parsed: ParsedPipeline, interfaces: Interfaces): Result<Pipeline, readonly Diagnostic[]> {
  const { draft, source } = parsed;
  if (draft === null) return err(parsed.diagnostics);
  const checked = checkSteps(draft, interfaces);
  const found = [
    ...checkNames(draft),
    ...checkModules(draft, interfaces),
    ...checkRecordings(draft),
    ...checked.flatMap((step) => step.diagnostics),
    ...checkCycles(checked),
    ...checkSlurm(draft.slurm),
  ];
  const diagnostics = afterwards(parsed.diagnostics, found);
  if (diagnostics.length > 0) return err(diagnostics);
  const usesEach = draft.steps.some(({ each }) => each !== null);
  return ok({
    name: draft.name ?? source.name.replace(/\.ya?ml$/, ''),
    recordings: usesEach ? draft.recordings.map(({ value }) => value) : [],
    steps: checked.map(stepOf),
    on: draft.on,
    slurm: { ...draft.slurm, options: draft.slurm.options.map(({ value }) => value) },
  });
}

interface CheckedStep {
  readonly step: StepDraft;
  readonly wires: ReadonlyMap<string, Wire>;
  /** Null where the task is unknown or could not be loaded. */
  readonly interface: TaskInterface | null;
  readonly params: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

function checkSteps({ steps, recordings }: Draft, interfaces: Interfaces): readonly CheckedStep[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const outputs: Outputs = new Map(steps.map((step) => [step.name, outputsOf(step, interfaces)]));
  const nearStep = suggester(byName.keys(), 'steps');
  const checkParams = paramsChecker(recordings[0]?.value ?? 'recording');
  return steps.map((step) => {
    const wired = [...step.inputs].map(([name, input]) => ({ name, ...wireOf(input, byName, outputs, nearStep) }));
    const wires = new Map(wired.map(({ name, wire }) => [name, wire]));
    const task = step.task?.kind === 'shell' ? shellInterface(step, wires) : moduleInterface(step, interfaces);
    const { params, diagnostics: mistaken } = task === null ? { params: {}, diagnostics: [] } : checkParams(step, task);
    const inputs = task === null ? { diagnostics: [], needEach: [] } : checkInputs(step, wires, task);
    const diagnostics = [
      ...wired.flatMap((one) => one.diagnostics),
      ...wired.flatMap(({ name, wire }) => checkPartial(step, name, wire)),
      ...wired.flatMap(({ wire }) => (wire.kind === 'file' ? checkPath(wire.path) : [])),
      ...inputs.diagnostics,
      ...asOne([...inputs.needEach, ...withoutRecording(step)]),
      ...(step.task?.kind === 'shell'
        ? [...checkShell(step, step.task.text, task), ...checkShellParams(step)]
        : mistaken),
    ];
    return { step, wires, interface: task, params, diagnostics };
  });
}

function moduleInterface({ task }: StepDraft, interfaces: Interfaces): TaskInterface | null {
  const loaded = task?.kind === 'module' ? interfaces.get(task.text.value) : undefined;
  return loaded?.ok === true ? loaded.value : null;
}

function outputsOf(step: StepDraft, interfaces: Interfaces) {
  if (step.task?.kind === 'shell') return shellOutputs(step);
  const task = moduleInterface(step, interfaces);
  return task === null ? null : new Map(Object.entries(task.outputs));
}

/** Modules that could not be loaded, each at its first use. */
function checkModules({ steps }: Draft, interfaces: Interfaces): readonly Diagnostic[] {
  const seen = new Set<string>();
  return steps.flatMap(({ task }): readonly Diagnostic[] => {
    if (task?.kind !== 'module' || task.text.value === '' || seen.has(task.text.value)) return [];
    const { range, value } = task.text;
    seen.add(value);
    const loaded = interfaces.get(value);
    if (loaded?.ok === true) return [];
    const hint = /^[^./@][^:]*\.[cm]?[jt]s$/.test(value) ? { hint: `for a file of this project write ./${value}` } : {};
    return [{ range, message: `task '${value}' cannot be used: ${loaded?.error ?? 'it was not loaded'}`, ...hint }];
  });
}

/** Steps that run for each recording need some. */
function checkRecordings({ recordings, listed, steps }: Draft): readonly Diagnostic[] {
  const first = steps.find(({ each }) => each !== null);
  if (first?.each == null || recordings.length > 0) return [];
  const hint = 'list them at the top, for example: each: { recording: [a, b] }';
  if (listed === null) return [{ range: first.each, message: 'the pipeline lists no recordings', hint }];
  const written = /[^[\]\s]/.test(listed.source.text.slice(listed.start, listed.end));
  return written ? [] : [{ range: listed, message: 'the list of recordings is empty', hint }];
}

function stepOf({ step, wires, interface: task, params }: CheckedStep): Step {
  if (step.task === null || task === null) throw new Error(`step ${step.name} was checked without its task`);
  const { kind, text } = step.task;
  return {
    name: step.name,
    task: kind === 'module' ? { kind, uses: text.value } : { kind, command: text.value, env: step.env, cwd: step.cwd },
    each: step.each !== null,
    interface: task,
    inputs: Object.fromEntries([...wires].map(([name, wire]) => [name, inputOf(step, wire)])),
    params,
    timeout: step.timeout,
    retries: step.retries,
    resources: step.resources,
    positions: Object.fromEntries([...step.params].map(([name, { key }]) => [name, fileAndLine(key)])),
  };
}

function inputOf(step: StepDraft, wire: Wire): Input {
  if (wire.kind === 'file') return { kind: 'file', path: wire.path.value };
  if (wire.kind === 'wrong') throw new Error(`step ${step.name} was checked with a wrong input`);
  const { from, port, partial } = wire;
  return { kind: 'port', step: from.name, port, gathered: gathers(step, wire), partial: partial !== null };
}
