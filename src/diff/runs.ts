/** What differs between two runs. Pure: their records and results in, plain data out; tables are compared by the caller. */

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
  /** Rows whose headline is another one, of the last step that has headlines in both runs. */
  readonly flips: readonly Flip[];
  /** What was changed by somebody: parameters, code, packages, commands, users' files; not what followed from it. */
  readonly changes: readonly Change[];
  /** Actions that do not have a result in both. */
  readonly actions: readonly ActionDiff[];
  readonly outputs: readonly OutputDiff[];
  /** Actions whose results are no longer in the store, so that nothing can be said of them. */
  readonly lost: readonly string[];
}

/** `record`: the run whose results it has; another one where it had nothing to do. */
export interface RunName extends Pick<Run, 'run' | 'began'> {
  readonly record: string;
  /** The run before that, if any. */
  readonly previous: string | null;
}

export interface Flip {
  readonly action: string;
  readonly row: string;
  readonly column: string;
  readonly from: Value;
  readonly to: Value;
}

/** One cause and all the steps that it reached, with the number of their actions. */
export interface Change {
  readonly cause: Cause;
  readonly steps: readonly string[];
  readonly actions: number;
}

interface ActionDiff {
  readonly action: string;
  /** Null where it was no part of the run. */
  readonly before: ActionRecord['outcome'] | null;
  readonly after: ActionRecord['outcome'] | null;
}

export interface OutputDiff {
  readonly action: string;
  readonly port: string;
  readonly kind: OutputPort['kind'];
  readonly change: 'changed' | 'added' | 'removed';
  /** Of a changed table whose two versions can be read. */
  readonly table: TableDiff | null;
}

/** An output that differs, with what is needed to read both sides. */
export interface OutputPair extends Omit<OutputDiff, 'table'> {
  readonly before: Side | null;
  readonly after: Side | null;
}

export interface Side {
  readonly digest: Digest;
  readonly declared: OutputPort;
}

export type RunDiffWithoutTables = Omit<RunDiff, 'flips' | 'outputs'> & { readonly outputs: readonly OutputPair[] };

export function diffRuns(history: History, before: Run, after: Run): RunDiffWithoutTables {
  const [was, is] = [before.record, after.record];
  const actions: ActionDiff[] = [];
  const outputs: OutputPair[] = [];
  const lost: string[] = [];
  const found: { readonly step: string; readonly cause: Cause }[] = [];
  for (const action of inOrder(was, is)) {
    if (!hasResult(was, action) || !hasResult(is, action)) {
      const [one, other] = [actionIn(was, action)?.outcome ?? null, actionIn(is, action)?.outcome ?? null];
      if (one !== other) actions.push({ action, before: one, after: other });
      continue;
    }
    const [keyBefore, keyAfter] = [ownProperty(was.keys, action), ownProperty(is.keys, action)];
    if (keyBefore === undefined || keyAfter === undefined || keyBefore === keyAfter) continue;
    const [from, to] = [history.result(keyBefore), history.result(keyAfter)];
    if (!from || !to) {
      lost.push(action);
      continue;
    }
    outputs.push(...outputPairs(action, from, to));
    const { step } = partsOf(action);
    const causes = differences(from.preimage, to.preimage, contextBetween(was, is, action));
    found.push(...causes.filter((cause) => !followed(was, is, action, cause)).map((cause) => ({ step, cause })));
  }
  return { before: nameOf(before), after: nameOf(after), changes: togetherOnce(found), actions, outputs, lost };
}

const nameOf = ({ run, began, record }: Run): RunName => ({
  run,
  began,
  record: record.run,
  previous: record.previous,
});

/** All actions of both: by step, as the second run's document has them, then as they were recorded. */
function inOrder(was: RunRecord, is: RunRecord): string[] {
  const names = [...new Set([...is.actions, ...was.actions].map(({ action }): string => action))];
  const steps = [...new Set([...is.steps, ...was.steps].map(({ name }) => name))];
  const ranks = new Map(steps.map((step, i) => [step, i]));
  const rankOf = (action: string) => ranks.get(partsOf(action).step) ?? steps.length;
  return names.sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

/** Whether a difference only followed from another action's: a changed input that it made. */
const followed = (was: RunRecord, is: RunRecord, action: string, cause: Cause): boolean =>
  cause.cause === 'input-changed' &&
  (sourceIn(is, action, cause.port, cause.recording) ?? sourceIn(was, action, cause.port, cause.recording))?.kind !==
    'file';

/** Each cause once, with the steps that it reached: a file of code may be part of several, a parameter is one step's. */
function togetherOnce(found: readonly { readonly step: string; readonly cause: Cause }[]): Change[] {
  const groups = new Map<string, { cause: Cause; steps: Set<string>; actions: number }>();
  for (const { step, cause } of found) {
    for (const one of parts(cause)) {
      const shared = one.cause === 'code-changed' ? one.files.length > 0 : one.cause === 'packages-changed';
      const { port: _, ...input } = one.cause === 'input-changed' ? one : { ...one, port: '' };
      const own = one.cause === 'input-changed' ? input : { ...one, step: shared ? '' : step };
      const name = canonicalJson(own as unknown as Json);
      const group = groups.get(name) ?? { cause: one, steps: new Set<string>(), actions: 0 };
      groups.set(name, { ...group, steps: group.steps.add(step), actions: group.actions + 1 });
    }
  }
  return [...groups.values()].map(({ cause, steps, actions }) => ({ cause, steps: [...steps], actions }));
}

/** A cause that names several things, one by one. */
function parts(cause: Cause): readonly Cause[] {
  if (cause.cause === 'code-changed' && cause.files.length > 0) {
    return cause.files.map((file) => ({ cause: 'code-changed', files: [file] }));
  }
  if (cause.cause === 'packages-changed') {
    return cause.packages.map((one) => ({ cause: 'packages-changed', packages: [one] }));
  }
  return [cause];
}

function outputPairs(action: string, from: StoredResult, to: StoredResult): OutputPair[] {
  const ports = [...new Set([...Object.keys(to.preimage.outputs), ...Object.keys(from.preimage.outputs)])];
  return ports.flatMap((port): OutputPair[] => {
    const [before, after] = [sideOf(from, port), sideOf(to, port)];
    const kind = (after ?? before)?.declared.kind;
    if (kind === undefined || before?.digest === after?.digest) return [];
    const change = before && after ? 'changed' : after ? 'added' : 'removed';
    return [{ action, port, kind, change, before, after }];
  });
}

function sideOf({ outputs, preimage }: StoredResult, port: string): Side | null {
  const output: StoredOutput | null | undefined = Object.hasOwn(outputs, port) ? outputs[port] : undefined;
  const declared = Object.hasOwn(preimage.outputs, port) ? preimage.outputs[port] : undefined;
  return output && declared ? { digest: output.digest, declared } : null;
}

/** The flipped headlines of the last step that has headlines in both runs, whether one flipped or not. */
export function flipsOf(history: History, before: Run, after: Run, outputs: readonly OutputDiff[]): Flip[] {
  const step = [...after.record.steps].reverse().find(({ name }) => hasHeadlines(history, before, after, name));
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

/** The recording where the row is its only one or is called after it; else both. */
function flipName(action: string, row: string, table: TableDiff | null): string {
  const { recording } = partsOf(action);
  const single = table?.rows.to === 1 && table.key.length === 0;
  if (recording === null) return row;
  return single || row === recording ? recording : `${recording} ${row}`;
}

function hasHeadlines(history: History, before: Run, after: Run, step: string): boolean {
  const has = ({ record }: Run, action: string): boolean => {
    const key = hasResult(record, action) ? ownProperty(record.keys, action) : undefined;
    return key !== undefined && Boolean(history.result(key)?.headline);
  };
  const own = after.record.actions.filter(({ action }) => partsOf(action).step === step);
  return own.some(({ action }) => has(before, action) && has(after, action));
}
