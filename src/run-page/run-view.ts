/** A run as its own page shows it, put together from the records in the store. */
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
import { historyOf } from '../history/history.ts';
import type { ActionRecord, Run, RunRecord, StepRecord } from '../history/run-record.ts';
import type { Request } from '../load/request.ts';
import { storePaths } from '../store/layout.ts';
import type { StoredResult } from '../store/result.ts';

export interface RunView {
  readonly run: string;
  readonly began: string;
  readonly request: RunRecord['request'];
  /** Path of the report in `out/`; null where the pipeline makes none. */
  readonly report: string | null;
  readonly steps: readonly StepView[];
  readonly actions: readonly ActionView[];
}

export interface StepView {
  readonly name: string;
  /** The steps whose ports it takes. */
  readonly needs: readonly string[];
  /** Parameters of its first action that has a result, after defaults; null where none has. */
  readonly params: JsonObject | null;
  /** Names of those that are not the same in all its actions. */
  readonly differing: readonly string[];
  /** Of a module: digest of its code, and the npm packages that it reaches. */
  readonly code: Digest | null;
  readonly packages: readonly string[];
  /** Of a shell step. */
  readonly command: string | null;
}

export interface ActionView {
  readonly action: ActionName;
  readonly step: string;
  readonly outcome: ActionRecord['outcome'];
  readonly why: readonly Cause[];
  readonly failure: ActionFailure | null;
  readonly by: readonly ActionName[];
  /** When and how its result was made, in this run or an earlier one; null where it has none. */
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

/** @param resultOf the last result of an action, where it is still known */
export function runView(
  { run, began, request, record }: Run,
  resultOf: (action: string) => StoredResult | undefined,
): RunView {
  const own = record.run === run;
  const results = new Map(
    record.actions.map((action) => [action.action, hasResult(action) ? resultOf(action.action) : undefined]),
  );
  const actions = record.actions.map((action): ActionView => {
    const result = results.get(action.action);
    const outputs = Object.entries(result?.outputs ?? {}).flatMap(([port, output]) =>
      output ? [{ port, digest: output.digest, bytes: output.files.reduce((sum, { size }) => sum + size, 0) }] : [],
    );
    return {
      ...action,
      step: partsOf(action.action).step,
      // A run that found nothing to do has the record of the one whose results it found.
      ...(own || action.outcome !== 'executed' ? {} : { outcome: 'reused', why: [] }),
      made: result ?? null,
      outputs,
    };
  });
  const steps = record.steps
    .filter(({ name }) => actions.some(({ step }) => step === name))
    .map((step) =>
      stepView(
        step,
        actions.flatMap((one) => (one.step === step.name ? (results.get(one.action) ?? []) : [])),
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

const hasResult = ({ outcome }: ActionRecord): boolean => outcome === 'executed' || outcome === 'reused';

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
