/**
 * Why a run executed an action or took an earlier result: its causes, and behind each changed input those of the
 * action that made it, down to parameters, code and users' files. Pure: records and preimages in, a tree out.
 * Every comparison is the one that decides (`cause.ts`).
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
  /** The last run before that gave it a result, which this one is compared with; null where none is known. */
  readonly since: Pick<RunRecord, 'run' | 'began'> | null;
  /** Executed or failed: why. Reused: what differs from the run before; nothing when all is as it was. */
  readonly reasons: readonly Reason[];
  readonly failure: ActionFailure | null;
  readonly by: readonly ActionName[];
  readonly made: Made | null;
}

/** By which action and when a result was made. */
export interface Made {
  readonly action: string;
  readonly started: string;
  readonly milliseconds: number;
}

export interface Reason {
  readonly cause: Cause;
  /** Further sources that this gathered input has from other recordings, changed for the same reasons. */
  readonly alike: readonly string[];
  /** Of a changed input that an action made: that action. */
  readonly origin: Origin | null;
}

export interface Origin {
  readonly action: string;
  readonly outcome: ActionRecord['outcome'];
  /** What it was in the run that is compared with; null where it was no part of that. */
  readonly before: ActionRecord['outcome'] | null;
  readonly reasons: readonly Reason[];
  /** An action whose reasons stand earlier in the tree and are the same, but for the recording; then there are none here. */
  readonly as: string | null;
  readonly failure: ActionFailure | null;
  readonly by: readonly ActionName[];
  /** Of a reused result. */
  readonly made: Made | null;
}

/** Undefined if the action was no part of the run. */
export function explain(history: History, run: Run, action: string): Explanation | undefined {
  const { record } = run;
  const own = actionIn(record, action);
  if (!own) return undefined;
  const { failure, by } = own;
  const about = { action, run: run.run, began: run.began, made: madeOf(history, record, action) };
  if (record.run !== run.run) {
    const since = { run: record.run, began: record.began };
    return { ...about, outcome: 'reused', since, reasons: [], failure: null, by: [] };
  }
  const base = baseOf(history, record, action);
  const causes = own.outcome === 'reused' ? causesBetween(history, base, record, action) : own.why;
  return {
    ...about,
    outcome: own.outcome,
    since: base ? { run: base.run, began: base.began } : null,
    reasons: reasonsFor(history, base, record, action, causes),
    failure,
    by,
  };
}

/** The last run before this one in which the action had a result: the one that its causes compare with. */
function baseOf(history: History, record: RunRecord, action: string): RunRecord | undefined {
  for (const earlier of runsBefore(history, record)) if (hasResult(earlier, action)) return earlier;
  return undefined;
}

/** What made an action's result another one than it had when `base` ended. */
function causesBetween(
  history: History,
  base: RunRecord | undefined,
  record: RunRecord,
  action: string,
): readonly Cause[] {
  const [was, is] = [base && ownProperty(base.keys, action), ownProperty(record.keys, action)];
  const decided = actionIn(record, action)?.why ?? [];
  if (base === undefined || was === is) return decided;
  if (was === undefined) return [{ cause: 'first-run' }];
  const [before, after] = [history.result(was)?.preimage, is && history.result(is)?.preimage];
  return before && after ? differences(before, after, contextBetween(base, record, action)) : decided;
}

/** Follows changed inputs to the actions that made them; each chain of causes stands in the tree once. */
function reasonsFor(
  history: History,
  base: RunRecord | undefined,
  record: RunRecord,
  action: string,
  causes: readonly Cause[],
): readonly Reason[] {
  const known = new Map<string, readonly Cause[]>([[action, causes]]);
  const causesOf = (name: string): readonly Cause[] => {
    let found = known.get(name);
    if (!found) {
      found = hasResult(record, name) ? causesBetween(history, base, record, name) : [];
      known.set(name, found);
    }
    return found;
  };
  const sourceOf = (name: string, cause: Cause): string | null => {
    if (cause.cause !== 'input-changed') return null;
    const source = sourceIn(record, name, cause.port, cause.recording);
    return source?.kind === 'action' && actionIn(record, source.name) ? source.name : null;
  };
  const shapeOf = causeShapes(record, causesOf, sourceOf);
  const told = new Map<string, string>();

  const originOf = (name: string): Origin => {
    const own = actionIn(record, name);
    const shape = shapeOf(name);
    const as = told.get(shape) ?? null;
    if (as === null) told.set(shape, name);
    const outcome = own?.outcome ?? 'reused';
    return {
      action: name,
      outcome,
      before: (base && actionIn(base, name)?.outcome) ?? null,
      reasons: as === null ? reasonsOf(name) : [],
      as,
      failure: own?.failure ?? null,
      by: own?.by ?? [],
      made: outcome === 'reused' ? madeOf(history, record, name) : null,
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

function madeOf(history: History, record: RunRecord, action: string): Made | null {
  const key = hasResult(record, action) ? ownProperty(record.keys, action) : undefined;
  const result = key && history.result(key);
  return result ? { action: result.action, started: result.started, milliseconds: result.milliseconds } : null;
}
