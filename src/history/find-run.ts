/** Finds runs by the names that a person gives: `last`, `previous`, or the first characters of an id. */

import { readdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { StorePaths } from '../store/layout.ts';
import type { History } from './history.ts';
import { finishedFrom, lastFinishedOf, type Run, readRunWithOrder } from './run-record.ts';

/** The most ids in an error message. */
const MOST_LISTED = 5;

export function findRun(store: StorePaths, history: History, pipeline: string, name: string): Result<Run, RunFailure> {
  if (name === 'last' || name === 'previous') {
    const [last, previous] = lastTwo(store, history, pipeline);
    const found = name === 'last' ? last : previous;
    return found ? ok(found) : err(tooFew(pipeline, last ? 1 : 0));
  }
  const ids = runIds(store);
  const matching = ids.filter((id) => id.startsWith(name));
  const [only] = matching;
  if (only !== undefined && (matching.length === 1 || only === name)) {
    const run = history.run(only);
    return run ? ok(run) : err({ reason: 'usage', message: `the record of run ${only} cannot be read` });
  }
  const some = (matching.length > 0 ? matching : ids).slice(0, MOST_LISTED).join('\n  ');
  if (matching.length > 0) {
    return err({ reason: 'usage', message: `${matching.length} runs begin with ${name}; which one?\n  ${some}` });
  }
  const hint = ids.length > 0 ? { hint: `the latest are:\n  ${some}` } : {};
  return err({ reason: 'usage', message: `there is no run ${name}, and no run id begins with it`, ...hint });
}

/** The last two finished runs of a pipeline, or fewer; runs of sweeps do not count. */
function lastTwo(store: StorePaths, history: History, pipeline: string): Run[] {
  const id = lastFinishedOf(store, pipeline);
  const last = id === undefined ? undefined : history.run(id);
  if (!last) return ranLatest(store, history, pipeline, Number.POSITIVE_INFINITY).slice(0, 2);
  const ordered = readRunWithOrder(store, last.run);
  const finished = finishedFrom(store, ordered?.before ?? null);
  const before = finished === undefined ? undefined : history.run(finished);
  const [previous] = before ? [before] : ranLatest(store, history, pipeline, ordered?.order ?? 0);
  return previous ? [last, previous] : [last];
}

/** Runs of a pipeline that were recorded before this order, latest first. Used if the chain of records is broken. */
function ranLatest(store: StorePaths, history: History, pipeline: string, order: number): Run[] {
  const real = realpathSync(pipeline);
  return runIds(store)
    .flatMap((id) => {
      const run = history.run(id);
      const ordered = readRunWithOrder(store, id);
      const counts = run && ordered && ordered.order < order && !run.record.aside && !run.record.interrupted;
      return counts && realPath(run.request.pipeline) === real ? [{ run, order: ordered.order }] : [];
    })
    .sort((a, b) => b.order - a.order)
    .map(({ run }) => run);
}

const tooFew = (pipeline: string, count: number): RunFailure => ({
  reason: 'usage',
  message: `${count === 0 ? 'no run' : 'only one run'} of ${pipeline} is recorded in this store`,
  hint: count === 0 ? 'groundproof run makes the first' : 'a second one can be compared with it',
});

/** The ids of all recorded runs, latest first, as an id begins with the time. */
function runIds(store: StorePaths): string[] {
  try {
    const names = readdirSync(dirname(store.run('')));
    return names.flatMap((name) => /^(\d{8}T.*)\.json$/.exec(name)?.[1] ?? []).sort((a, b) => (a < b ? 1 : -1));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined if the path no longer exists. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
