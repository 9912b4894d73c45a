/** A run that has nothing to do: recognised by the record of an earlier run, and reported by the same events as any run. */

import { fileSystemFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { stopwatch } from '../base/time.ts';
import type { Emit, RunFinished } from '../history/event.ts';
import { newRunId, recordRun } from '../history/run-record.ts';
import { type Request, requestName } from '../load/request.ts';
import { readUpToDate, type UpToDate } from '../plan/up-to-date.ts';
import { storePaths } from '../store/layout.ts';

/**
 * The record of an earlier run of this request, if everything that it rests on still stands. `--force` asks for work in any
 * case. So does writing to a remote cache, as the record cannot tell which results that holds.
 */
export function nothingToDo(request: Request): UpToDate | undefined {
  if (request.force || request.remote?.write) return undefined;
  return readUpToDate(storePaths(request.store), requestName(request));
}

/** Emits the events of a run in which every action is reused, and records that run. */
export function reportNothingToDo(found: UpToDate, request: Request, emit: Emit): RunFinished {
  const began = new Date();
  const elapsed = stopwatch();
  const run = newRunId();
  const { pipeline, steps, actions, notSelected = [], warnings, headline, report, alsoShown } = found;
  const leftOut = notSelected.length > 0 ? { notSelected } : {};
  emit({ type: 'run-started', run, pipeline, steps, jobs: request.jobs, on: 'local', ...leftOut });
  for (const action of actions) {
    emit({
      type: 'action-finished',
      action,
      outcome: 'reused',
      warnings: ownProperty(warnings, action) ?? [],
      milliseconds: 0,
    });
  }
  recordIfPossible({ run, began: began.toISOString(), request, sameAs: found.run });
  if (alsoShown) emit(alsoShown);
  const finished: RunFinished = {
    type: 'run-finished',
    run,
    executed: 0,
    reused: actions.length,
    failed: 0,
    blocked: 0,
    cancelled: 0,
    milliseconds: elapsed(),
    interrupted: false,
    out: request.out,
    report,
    headline,
    remote: null,
  };
  emit(finished);
  return finished;
}

/** A read-only store cannot record this run; as nothing happened in it, ignore that. */
function recordIfPossible(record: Parameters<typeof recordRun>[1]): void {
  try {
    recordRun(storePaths(record.request.store), record);
  } catch (error) {
    if (fileSystemFailure(error) === undefined) throw error;
  }
}
