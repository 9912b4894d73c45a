/** Collects the contents of a run's page from the records in the store. */
import { existsSync } from 'node:fs';
import type { ActionName } from '../base/action-name.ts';
import { partsOf } from '../base/action-name.ts';
import { type ActionFailure, fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { type JsonObject, ownProperty } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import type { Cause } from '../history/cause.ts';
import { findRun } from '../history/find-run.ts';
import { reportShown } from '../history/headlines.ts';
import { hasResult, historyOf } from '../history/history.ts';
import type { ActionRecord, Run, RunRecord, StepRecord } from '../history/run-record.ts';
import type { Request } from '../load/request.ts';
import { storePaths } from '../store/layout.ts';
import type { StoredResult } from '../store/result.ts';

export interface RunView {
  readonly run: string;
  readonly began: string;
  readonly request: RunRecord['request'];
  /** Path of the report in `out/`; null if the pipeline makes no report. */
  readonly report: string | null;
  readonly steps: readonly StepView[];
  readonly actions: readonly ActionView[];
}

export interface StepView {
  readonly name: string;
  /** The steps whose outputs it takes. */
  readonly needs: readonly string[];
  /** Parameters, with defaults, of its first action that has a result; null if no action has a result. */
  readonly params: JsonObject | null;
  /** Names of the parameters that differ between its actions. */
  readonly differing: readonly string[];
  /** Digest of a module's code; null for a shell step. */
  readonly code: Digest | null;
  /** The npm packages that a module imports, directly or not. */
  readonly packages: readonly string[];
  /** The command of a shell step; null for a module. */
  readonly command: string | null;
}

export interface ActionView {
  readonly action: ActionName;
  readonly step: string;
  readonly outcome: ActionRecord['outcome'];
  readonly why: readonly Cause[];
  readonly failure: ActionFailure | null;
  readonly by: readonly ActionName[];
  /** How its result was made, in this run or an earlier run; null if it has no result. */
  readonly made: Pick<StoredResult, 'started' | 'milliseconds' | 'peakMemory'> | null;
  readonly outputs: readonly { readonly port: string; readonly digest: Digest; readonly bytes: number }[];
}

/** The last run of the request's pipeline. */
export function viewLastRun(request: Request): Result<RunView, RunFailure> {
  try {
    if (!existsSync(request.pipeline)) return err({ reason: 'pipeline-missing', path: request.pipeline });
    const store = storePaths(request.store);
    const history = historyOf(store);
    const found = findRun(store, history, request.pipeline, 'last');
    if (!found.ok) return found;
    const { keys } = found.value.record;
    const resultOf = (action: string) => {
      const key = ownProperty(keys, action);
      return key === undefined ? undefined : history.result(key);
    };
    return ok(runView(found.value, resultOf));
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}

/** @param resultOf the last result of an action; undefined if the store has lost it */
export function runView(
  { run, began, request, record }: Run,
  resultOf: (action: string) => StoredResult | undefined,
): RunView {
  const isOwnRecord = record.run === run;
  const results = new Map(
    record.actions.map((action) => [
      action.action,
      hasResult(record, action.action) ? resultOf(action.action) : undefined,
    ]),
  );
  const actions = record.actions.map((action): ActionView => {
    const result = results.get(action.action);
    const outputs = Object.entries(result?.outputs ?? {}).flatMap(([port, output]) =>
      output ? [{ port, digest: output.digest, bytes: output.files.reduce((sum, { size }) => sum + size, 0) }] : [],
    );
    return {
      ...action,
      step: partsOf(action.action).step,
      // A run with nothing to do shares the record of an earlier run: it reused those results.
      ...(isOwnRecord || action.outcome !== 'executed' ? {} : { outcome: 'reused', why: [] }),
      made: result ?? null,
      outputs,
    };
  });
  const steps = record.steps
    .filter(({ name }) => actions.some(({ step }) => step === name))
    .map((step) =>
      stepView(
        step,
        actions.flatMap((action) => (action.step === step.name ? (results.get(action.action) ?? []) : [])),
      ),
    );
  const ranks = new Map(steps.map(({ name }, i) => [name, i]));
  const rankOf = ({ step }: ActionView) => ranks.get(step) ?? steps.length;
  return {
    run,
    began,
    request,
    report: reportShown(record.steps, resultOf, request.out),
    steps,
    actions: actions.toSorted((a, b) => rankOf(a) - rankOf(b)),
  };
}

function stepView({ name, inputs }: StepRecord, results: readonly StoredResult[]): StepView {
  const needs = Object.values(inputs).flatMap((input) => (input.kind === 'port' ? [input.step] : []));
  const { task, params } = results[0]?.preimage ?? {};
  const differs = (param: string) => {
    const values = results.map(({ preimage }) => JSON.stringify(preimage.params[param]));
    return values.some((value) => value !== values[0]);
  };
  return {
    name,
    needs: [...new Set(needs)],
    params: params ?? null,
    differing: Object.keys(params ?? {}).filter(differs),
    code: task?.kind === 'module' ? task.code : null,
    packages: task?.kind === 'module' ? task.packages : [],
    command: task?.kind === 'shell' ? task.command : null,
  };
}
