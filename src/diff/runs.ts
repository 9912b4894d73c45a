/** Finds the differences between two runs. Pure: takes records and results, returns data; `ask.ts` compares the tables. */

import { partsOf } from '../base/action-name.ts';
import { canonicalJson, type Json, ownProperty } from '../base/json.ts';
import type { Digest } from '../files/digest.ts';
import { type Cause, differences } from '../history/cause.ts';
import { actionIn, type History, hasResult } from '../history/history.ts';
import { contextBetween, sourceIn } from '../history/record-context.ts';
import type { ActionRecord, Run, RunRecord } from '../history/run-record.ts';
import type { StoredOutput, StoredResult } from '../store/result.ts';
import type { OutputPort } from '../task/ports.ts';
import type { TableDiff, Value } from './tables.ts';

export interface RunDiff {
  readonly before: RunName;
  readonly after: RunName;
  /** Rows whose headline changed, in the last step that has headlines in both runs. */
  readonly flips: readonly Flip[];
  /** Changes that people made: parameters, code, packages, commands, users' files. Their consequences are left out. */
  readonly changes: readonly Change[];
  /** Actions without a result in at least one of the runs. */
  readonly actions: readonly ActionDiff[];
  readonly outputs: readonly OutputDiff[];
  /** Actions that cannot be compared, because a result is no longer in the store. */
  readonly lost: readonly string[];
}

export interface RunName extends Pick<Run, 'run' | 'began'> {
  /** The run whose results it has: itself, or an earlier run if it had nothing to do. */
  readonly record: string;
  /** The run before `record`; null for the first run. */
  readonly previous: string | null;
}

export interface Flip {
  readonly action: string;
  readonly row: string;
  readonly column: string;
  readonly from: Value;
  readonly to: Value;
}

/** A cause, the steps that it reached, and the number of their actions. */
export interface Change {
  readonly cause: Cause;
  readonly steps: readonly string[];
  readonly actions: number;
}

interface ActionDiff {
  readonly action: string;
  /** Null if the action was not part of the run. */
  readonly before: ActionRecord['outcome'] | null;
  readonly after: ActionRecord['outcome'] | null;
}

export interface OutputDiff {
  readonly action: string;
  readonly port: string;
  readonly kind: OutputPort['kind'];
  readonly change: 'changed' | 'added' | 'removed';
  /** Null unless the output is a changed table whose two versions can be read. */
  readonly table: TableDiff | null;
}

/** An output that differs, with the blobs of both sides. */
export interface OutputPair extends Omit<OutputDiff, 'table'> {
  readonly before: Side | null;
  readonly after: Side | null;
}

export interface Side {
  readonly digest: Digest;
  readonly declared: OutputPort;
}

export type RunDiffWithoutTables = Omit<RunDiff, 'flips' | 'outputs'> & { readonly outputs: readonly OutputPair[] };

/** The two runs of a diff, and the history that holds their results. */
export interface ComparedRuns {
  readonly history: History;
  readonly before: Run;
  readonly after: Run;
}

export function diffRuns({ history, before, after }: ComparedRuns): RunDiffWithoutTables {
  const records = { from: before.record, to: after.record };
  const actions: ActionDiff[] = [];
  const outputs: OutputPair[] = [];
  const lost: string[] = [];
  const causes: StepCause[] = [];
  for (const action of actionsOf(records)) {
    if (!hasResult(records.from, action) || !hasResult(records.to, action)) {
      const outcomes = { before: outcomeIn(records.from, action), after: outcomeIn(records.to, action) };
      if (outcomes.before !== outcomes.after) actions.push({ action, ...outcomes });
      continue;
    }
    const keys = { from: ownProperty(records.from.keys, action), to: ownProperty(records.to.keys, action) };
    if (keys.from === undefined || keys.to === undefined || keys.from === keys.to) continue;
    const [from, to] = [history.result(keys.from), history.result(keys.to)];
    if (!from || !to) {
      lost.push(action);
      continue;
    }
    outputs.push(...outputPairs(action, from, to));
    const { step } = partsOf(action);
    const found = differences(from.preimage, to.preimage, contextBetween(records.from, records.to, action));
    const original = found.filter((cause) => !isConsequence(records, action, cause));
    causes.push(...original.map((cause) => ({ step, cause })));
  }
  return { before: nameOf(before), after: nameOf(after), changes: mergeCauses(causes), actions, outputs, lost };
}

interface RecordPair {
  readonly from: RunRecord;
  readonly to: RunRecord;
}

interface StepCause {
  readonly step: string;
  readonly cause: Cause;
}

const outcomeIn = (record: RunRecord, action: string) => actionIn(record, action)?.outcome ?? null;

const nameOf = ({ run, began, record }: Run): RunName => ({
  run,
  began,
  record: record.run,
  previous: record.previous,
});

/** The actions of both runs, sorted by step in the order of the second run, then by name. */
function actionsOf({ from, to }: RecordPair): string[] {
  const names = [...new Set([...to.actions, ...from.actions].map(({ action }): string => action))];
  const steps = [...new Set([...to.steps, ...from.steps].map(({ name }) => name))];
  const ranks = new Map(steps.map((step, i) => [step, i]));
  const rankOf = (action: string) => ranks.get(partsOf(action).step) ?? steps.length;
  return names.sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

/** Whether an input changed only because the action that made it had changed. */
function isConsequence({ from, to }: RecordPair, action: string, cause: Cause): boolean {
  if (cause.cause !== 'input-changed') return false;
  const { port, recording } = cause;
  return (sourceIn(to, action, port, recording) ?? sourceIn(from, action, port, recording))?.kind !== 'file';
}

/** Merges equal causes and collects the steps that each reached: several steps may share a file or a package. */
function mergeCauses(causes: readonly StepCause[]): Change[] {
  const groups = new Map<string, { cause: Cause; steps: Set<string>; actions: number }>();
  for (const { step, cause } of causes) {
    for (const part of partsOfCause(cause)) {
      const name = canonicalJson(identityOf(part, step) as unknown as Json);
      const group = groups.get(name) ?? { cause: part, steps: new Set<string>(), actions: 0 };
      groups.set(name, { ...group, steps: group.steps.add(step), actions: group.actions + 1 });
    }
  }
  return [...groups.values()].map(({ cause, steps, actions }) => ({ cause, steps: [...steps], actions }));
}

/** The fields by which causes of different actions are equal: inputs by their file, code and packages in any step. */
function identityOf(cause: Cause, step: string): object {
  switch (cause.cause) {
    case 'input-changed': {
      const { port: _, ...file } = cause;
      return file;
    }
    case 'packages-changed':
      return { ...cause, step: '' };
    case 'code-changed':
      return { ...cause, step: cause.files.length > 0 ? '' : step };
    default:
      return { ...cause, step };
  }
}

/** Splits a cause that names several files or packages. */
function partsOfCause(cause: Cause): readonly Cause[] {
  if (cause.cause === 'code-changed' && cause.files.length > 0) {
    return cause.files.map((file) => ({ cause: 'code-changed', files: [file] }));
  }
  if (cause.cause === 'packages-changed') {
    return cause.packages.map((name) => ({ cause: 'packages-changed', packages: [name] }));
  }
  return [cause];
}

function outputPairs(action: string, from: StoredResult, to: StoredResult): OutputPair[] {
  const ports = [...new Set([...Object.keys(to.preimage.outputs), ...Object.keys(from.preimage.outputs)])];
  return ports.flatMap((port): OutputPair[] => {
    const [before, after] = [sideOf(from, port), sideOf(to, port)];
    const kind = (after ?? before)?.declared.kind;
    if (kind === undefined || before?.digest === after?.digest) return [];
    return [{ action, port, kind, change: changeOf(before, after), before, after }];
  });
}

function changeOf(before: Side | null, after: Side | null): OutputDiff['change'] {
  if (before && after) return 'changed';
  return after ? 'added' : 'removed';
}

function sideOf({ outputs, preimage }: StoredResult, port: string): Side | null {
  const output: StoredOutput | null | undefined = Object.hasOwn(outputs, port) ? outputs[port] : undefined;
  const declared = Object.hasOwn(preimage.outputs, port) ? preimage.outputs[port] : undefined;
  return output && declared ? { digest: output.digest, declared } : null;
}

/** The flipped headlines of the last step that has headlines in both runs, even if that step has no flips. */
export function flipsOf(runs: ComparedRuns, outputs: readonly OutputDiff[]): Flip[] {
  const step = [...runs.after.record.steps].reverse().find(({ name }) => hasHeadlines(runs, name));
  if (!step) return [];
  return outputs
    .filter(({ action }) => partsOf(action).step === step.name)
    .flatMap(({ action, table }) =>
      (table?.flips ?? []).map(({ row, column, from, to }) => ({
        action,
        row: flipName(action, row, table),
        column,
        from,
        to,
      })),
    );
}

/** The recording, and the row unless it is the only row or has the recording's name. */
function flipName(action: string, row: string, table: TableDiff | null): string {
  const { recording } = partsOf(action);
  const single = table?.rows.to === 1 && table.key.length === 0;
  if (recording === null) return row;
  return single || row === recording ? recording : `${recording} ${row}`;
}

function hasHeadlines({ history, before, after }: ComparedRuns, step: string): boolean {
  const has = ({ record }: Run, action: string): boolean => {
    const key = hasResult(record, action) ? ownProperty(record.keys, action) : undefined;
    return key !== undefined && Boolean(history.result(key)?.headline);
  };
  const actions = after.record.actions.filter(({ action }) => partsOf(action).step === step);
  return actions.some(({ action }) => has(before, action) && has(after, action));
}
