/** Checks how the parts of a pipeline fit: names, kinds, parameters, circles. Reports all mistakes at once. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { TaskInterface } from '../../task/define.ts';
import type { Input, Pipeline, Step } from '../pipeline.ts';
import { fileAndLine } from '../text/position.ts';
import { suggester } from '../text/suggestion.ts';
import { type Connection, connect, type Outputs } from './connection.ts';
import { checkCycles } from './cycles.ts';
import type { Draft, StepDraft } from './draft.ts';
import { checkInputs, checkPartial, gathers } from './inputs.ts';
import { mergeDiagnostics } from './merge-diagnostics.ts';
import { checkNames } from './names.ts';
import { checkShellParams, paramsChecker } from './params.ts';
import type { ParsedPipeline } from './parse.ts';
import { checkPath, checkPattern } from './path.ts';
import { asSingleMistake, checkRecordingUse } from './recording-use.ts';
import { checkShell } from './shell.ts';
import { shellInterface, shellOutputs } from './shell-interface.ts';
import { checkSlurm } from './slurm.ts';

/** Task interfaces by the text of `uses`; the error says why a module could not be loaded. */
export type Interfaces = ReadonlyMap<string, Result<TaskInterface, string>>;

/** Checks a parsed pipeline; the error holds all mistakes, also those that `parsePipeline` found. */
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
  const diagnostics = mergeDiagnostics(parsed.diagnostics, found);
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
  readonly connections: ReadonlyMap<string, Connection>;
  /** Null if the task is unknown or could not be loaded. */
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
    const connected = [...step.inputs].map(([name, input]) => ({ name, ...connect(input, byName, outputs, nearStep) }));
    const connections = new Map(connected.map(({ name, connection }) => [name, connection]));
    const task = step.task?.kind === 'shell' ? shellInterface(step, connections) : moduleInterface(step, interfaces);
    const { params, diagnostics: paramMistakes } =
      task === null ? { params: {}, diagnostics: [] } : checkParams(step, task);
    const inputs = task === null ? { diagnostics: [], needEach: [] } : checkInputs(step, connections, task);
    const diagnostics = [
      ...connected.flatMap((input) => input.diagnostics),
      ...connected.flatMap(({ name, connection }) => checkPartial(step, name, connection)),
      ...connected.flatMap(({ connection }) => checkPaths(connection)),
      ...inputs.diagnostics,
      ...asSingleMistake([...inputs.needEach, ...checkRecordingUse(step)]),
      ...(step.task?.kind === 'shell'
        ? [...checkShell(step, step.task.text, task), ...checkShellParams(step)]
        : paramMistakes),
    ];
    return { step, connections, interface: task, params, diagnostics };
  });
}

function checkPaths(connection: Connection): readonly Diagnostic[] {
  if (connection.kind === 'file') return checkPath(connection.path);
  if (connection.kind !== 'files') return [];
  const { pattern, except } = connection;
  return [pattern, ...except].flatMap(checkPattern);
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

/** Reports modules that could not be loaded, each at its first use. */
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

/** Reports an empty list of recordings if a step runs for each recording. */
function checkRecordings({ recordings, listed, steps }: Draft): readonly Diagnostic[] {
  const first = steps.find(({ each }) => each !== null);
  if (first?.each == null || recordings.length > 0) return [];
  const hint = 'list them at the top, for example: each: { recording: [a, b] }';
  if (listed === null) return [{ range: first.each, message: 'the pipeline lists no recordings', hint }];
  const written = /[^[\]\s]/.test(listed.source.text.slice(listed.start, listed.end));
  return written ? [] : [{ range: listed, message: 'the list of recordings is empty', hint }];
}

function stepOf({ step, connections, interface: task, params }: CheckedStep): Step {
  if (step.task === null || task === null) throw new Error(`step ${step.name} was checked without its task`);
  const { kind, text } = step.task;
  return {
    name: step.name,
    task: kind === 'module' ? { kind, uses: text.value } : { kind, command: text.value, env: step.env, cwd: step.cwd },
    each: step.each !== null,
    interface: task,
    inputs: Object.fromEntries([...connections].map(([name, connection]) => [name, inputOf(step, connection)])),
    params,
    timeout: step.timeout,
    retries: step.retries,
    resources: step.resources,
    positions: Object.fromEntries([...step.params].map(([name, { key }]) => [name, fileAndLine(key)])),
  };
}

function inputOf(step: StepDraft, connection: Connection): Input {
  if (connection.kind === 'file') return { kind: 'file', path: connection.path.value };
  if (connection.kind === 'files') {
    const { pattern, except } = connection;
    return {
      kind: 'files',
      pattern: pattern.value,
      except: except.map(({ value }) => value),
      at: fileAndLine(pattern.range),
    };
  }
  if (connection.kind === 'wrong') throw new Error(`step ${step.name} was checked with a wrong input`);
  const { from, port, partial } = connection;
  return { kind: 'port', step: from.name, port, gathered: gathers(step, connection), partial: partial !== null };
}
