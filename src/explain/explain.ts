/**
 * Explains why a run executed an action or reused a result. The explanation is a tree: the causes of the action, and
 * below each changed input the causes of the action that made it, down to parameters, code and users' files. Compares by
 * `differences`, as the run itself did. Pure: takes records and preimages, and returns the tree.
 */

import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { type Cause, differences } from '../history/cause.ts';
import { actionIn, type History, hasResult, runsBefore } from '../history/history.ts';
import { contextBetween, sourceIn } from '../history/record-context.ts';
import type { ActionRecord, Run, RunRecord } from '../history/run-record.ts';
import { causeShapes } from './cause-shape.ts';

export interface Explanation {
  readonly action: string;
  readonly run: string;
  readonly began: string;
  readonly outcome: ActionRecord['outcome'];
  /** The earlier run that this run is compared with: the last that gave the action a result. Null if there is no such run. */
  readonly since: Pick<RunRecord, 'run' | 'began'> | null;
  /** The causes of an execution or a failure; for a reused result the differences to the run `since`. */
  readonly reasons: readonly Reason[];
  readonly failure: ActionFailure | null;
  readonly by: readonly ActionName[];
  readonly made: Provenance | null;
}

/** The action that made a result, and when. */
export interface Provenance {
  readonly action: string;
  readonly started: string;
  readonly milliseconds: number;
}

export interface Reason {
  readonly cause: Cause;
  /** For a gathered input: its sources of other recordings that changed for the same reasons. */
  readonly alike: readonly string[];
  /** The action that made a changed input; null for all other causes. */
  readonly origin: Origin | null;
}

export interface Origin {
  readonly action: string;
  readonly outcome: ActionRecord['outcome'];
  /** Its outcome in the run `since`; null if it was not part of that run. */
  readonly before: ActionRecord['outcome'] | null;
  readonly reasons: readonly Reason[];
  /** An action earlier in the tree with the same reasons, apart from the recording. `reasons` is empty then. */
  readonly as: string | null;
  readonly failure: ActionFailure | null;
  readonly by: readonly ActionName[];
  /** Null unless the result was reused. */
  readonly made: Provenance | null;
}

/** Two runs of an action: the explained run, and the earlier run that it is compared with. */
interface Comparison {
  readonly history: History;
  readonly base: RunRecord | undefined;
  readonly record: RunRecord;
}

/** Undefined if the action was not part of the run. */
export function explain(history: History, run: Run, action: string): Explanation | undefined {
  const { record } = run;
  const explained = actionIn(record, action);
  if (!explained) return undefined;
  const { outcome, failure, by, why } = explained;
  const about = { action, run: run.run, began: run.began, made: provenanceOf(history, record, action) };
  if (record.run !== run.run) {
    const since = { run: record.run, began: record.began };
    return { ...about, outcome: 'reused', since, reasons: [], failure: null, by: [] };
  }
  const base = baseOf(history, record, action);
  const comparison = { history, base, record };
  const causes = outcome === 'reused' ? causesBetween(comparison, action) : why;
  return {
    ...about,
    outcome,
    since: base ? { run: base.run, began: base.began } : null,
    reasons: reasonsFor(comparison, action, causes),
    failure,
    by,
  };
}

/** The last earlier run in which the action had a result: its causes are relative to that run. */
function baseOf(history: History, record: RunRecord, action: string): RunRecord | undefined {
  for (const earlier of runsBefore(history, record)) if (hasResult(earlier, action)) return earlier;
  return undefined;
}

/** The causes for which an action's result differs from its result in the base run. */
function causesBetween({ history, base, record }: Comparison, action: string): readonly Cause[] {
  const keyBefore = base && ownProperty(base.keys, action);
  const keyAfter = ownProperty(record.keys, action);
  const recorded = actionIn(record, action)?.why ?? [];
  if (base === undefined || keyBefore === keyAfter) return recorded;
  if (keyBefore === undefined) return [{ cause: 'first-run' }];
  const before = history.result(keyBefore)?.preimage;
  const after = keyAfter && history.result(keyAfter)?.preimage;
  return before && after ? differences(before, after, contextBetween(base, record, action)) : recorded;
}

/** Follows changed inputs to the actions that made them. Each chain of causes appears in the tree once. */
function reasonsFor(comparison: Comparison, action: string, causes: readonly Cause[]): readonly Reason[] {
  const { history, base, record } = comparison;
  const causesByAction = new Map<string, readonly Cause[]>([[action, causes]]);
  const causesOf = (name: string): readonly Cause[] => {
    let found = causesByAction.get(name);
    if (!found) {
      found = hasResult(record, name) ? causesBetween(comparison, name) : [];
      causesByAction.set(name, found);
    }
    return found;
  };
  const sourceOf = (name: string, cause: Cause): string | null => {
    if (cause.cause !== 'input-changed') return null;
    const source = sourceIn(record, name, cause.port, cause.recording);
    return source?.kind === 'action' && actionIn(record, source.name) ? source.name : null;
  };
  const shapeOf = causeShapes(record, causesOf, sourceOf);
  /** The first action in the tree of each shape. */
  const firstByShape = new Map<string, string>();

  const originOf = (name: string): Origin => {
    const found = actionIn(record, name);
    const shape = shapeOf(name);
    const as = firstByShape.get(shape) ?? null;
    if (as === null) firstByShape.set(shape, name);
    const outcome = found?.outcome ?? 'reused';
    return {
      action: name,
      outcome,
      before: (base && actionIn(base, name)?.outcome) ?? null,
      reasons: as === null ? reasonsOf(name) : [],
      as,
      failure: found?.failure ?? null,
      by: found?.by ?? [],
      made: outcome === 'reused' ? provenanceOf(history, record, name) : null,
    };
  };
  const reasonsOf = (name: string): Reason[] => {
    const groups = new Map<string, { cause: Cause; source: string | null; alike: string[] }>();
    for (const [i, cause] of causesOf(name).entries()) {
      const source = sourceOf(name, cause);
      const gathered = cause.cause === 'input-changed' && cause.recording !== null && source !== null;
      const kind = gathered
        ? `${cause.port} ${cause.from === null} ${cause.to === null} ${shapeOf(source)}`
        : String(i);
      const group = groups.get(kind);
      if (group && source !== null) group.alike.push(source);
      else groups.set(kind, { cause, source, alike: [] });
    }
    return [...groups.values()].map(({ cause, source, alike }) => ({
      cause,
      alike,
      origin: source === null ? null : originOf(source),
    }));
  };
  return reasonsOf(action);
}

function provenanceOf(history: History, record: RunRecord, action: string): Provenance | null {
  const key = hasResult(record, action) ? ownProperty(record.keys, action) : undefined;
  const result = key && history.result(key);
  return result ? { action: result.action, started: result.started, milliseconds: result.milliseconds } : null;
}
