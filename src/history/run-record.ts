/** The records of runs, and of the last run of each pipeline: the past that `explain`, `diff` and causes compare with. */
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure } from '../base/failure.ts';
import { readCheckedOfAnyAge, writeChecked } from '../files/checked-json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { flushFolderSync } from '../files/flush.ts';
import type { Request } from '../load/request.ts';
import type { Step } from '../pipeline/pipeline.ts';
import type { Key } from '../store/key.ts';
import type { StorePaths } from '../store/layout.ts';
import type { Cause } from './cause.ts';

/** To be raised when the records below change; readers ignore records of another format. */
const RECORD_FORMAT = 2;

/** The remote is not recorded. Older records have no `skip`: nothing was skipped. */
type RecordedRequest = Omit<Request, 'remote' | 'skip'> & Partial<Pick<Request, 'skip'>>;

export interface RunRecord {
  readonly run: string;
  readonly began: string;
  readonly request: RecordedRequest;
  readonly actions: readonly ActionRecord[];
  /** The key of the last result of every action; actions outside this run keep theirs. */
  readonly keys: { readonly [action: string]: Key };
  /** Digest of each source file of the tasks. */
  readonly sources: { readonly [path: string]: Digest };
  /** In the order of the pipeline. */
  readonly steps: readonly StepRecord[];
  /** The mean seconds of an action of each step, from the last run that executed the step. */
  readonly seconds: { readonly [step: string]: number };
  /** The run before, which the causes compare with; null for the first run. */
  readonly previous: string | null;
  /** An unlisted run, of a sweep: never the last run of its pipeline. */
  readonly aside?: true;
  /** Stopped before its end; `explain`, `diff` and `report` use the last finished run. */
  readonly interrupted?: true;
}

/** The parts of a step that tell the source of an input and the position of a change. */
export interface StepRecord extends Pick<Step, 'name' | 'each' | 'inputs' | 'positions'> {
  /** Digest of each source file of its task, by its path relative to the pipeline; empty for a shell step. */
  readonly sources: { readonly [path: string]: Digest };
}

export interface ActionRecord {
  readonly action: ActionName;
  readonly outcome: 'executed' | 'reused' | 'failed' | 'blocked' | 'cancelled';
  readonly why: readonly Cause[];
  readonly failure: ActionFailure | null;
  /** The failed actions that a blocked action waited for. */
  readonly by: readonly ActionName[];
}

/** A run that had nothing to do, because the results of the run `sameAs` stand. */
interface SameRun extends Pick<RunRecord, 'run' | 'began' | 'request'> {
  readonly sameAs: string;
}

/** A record to write; its remote is left out. */
type NewRecord = (RunRecord | SameRun) & { readonly request: Partial<Pick<Request, 'remote'>> };

/** Begins with the time, for people; `RunOrder` tells the order of runs. */
export const newRunId = (): string =>
  `${new Date().toISOString().replaceAll(/[-:]/g, '').replace('.', '')}-${randomBytes(3).toString('hex')}`;

/** The place of a run among those of its pipeline, which holds even if the clock was set back. */
interface RunOrder {
  /** Greater than that of every run before; the time in ms as long as clocks go forward. */
  readonly order: number;
  /** The last run of the same pipeline that was recorded before. */
  readonly before: string | null;
}

/** The store's record of a pipeline's last run. */
interface Pointer {
  /** Null if there were only unlisted runs. */
  readonly run: string | null;
  readonly order?: number;
}

/** Writes the record of a run that does not become the last run of its pipeline. */
export function recordUnlistedRun(store: StorePaths, record: NewRecord): void {
  const { order, before } = writeRun(store, record);
  writeChecked(pointerOf(store, record.request.pipeline), { run: before, order } satisfies Pointer);
}

/** Writes the record of a run, then makes it the last run of its pipeline. */
export function recordRun(store: StorePaths, record: NewRecord): void {
  const { order } = writeRun(store, record);
  // The pointer must not reach the disk before its run.
  if (!('sameAs' in record)) flushFolderSync(dirname(store.run(record.run)));
  writeChecked(pointerOf(store, record.request.pipeline), { run: record.run, order } satisfies Pointer);
}

function writeRun(store: StorePaths, record: NewRecord): RunOrder {
  const { remote: _, ...request } = record.request;
  const last = readPointer(store, request.pipeline);
  const place: RunOrder = { order: Math.max(Date.now(), orderOf(last) + 1), before: last?.run ?? null };
  writeChecked(store.run(record.run), { format: RECORD_FORMAT, ...place, ...record, request });
  return place;
}

/** The records of older versions have no order; the time in the id stands for it. */
const orderOf = (run: (Partial<Pick<RunOrder, 'order'>> & { readonly run: string | null }) | undefined): number =>
  run?.order ?? timeIn(run?.run ?? '');

function timeIn(id: string): number {
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(id)?.slice(1);
  if (!time) return 0;
  const [year = '', month, day, hour, minute, second, ms] = time;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) || 0;
}

const readPointer = (store: StorePaths, pipeline: string): Pointer | undefined =>
  readCheckedOfAnyAge<Pointer>(pointerOf(store, pipeline));

/** The last run of a pipeline. If it had nothing to do, the run whose results it found. */
export function readLastRun(store: StorePaths, pipeline: string): RunRecord | undefined {
  const last = lastRunOf(store, pipeline);
  return last === undefined ? undefined : readRun(store, last)?.record;
}

/** The id of the last run of a pipeline, whose file must exist. */
const lastRunOf = (store: StorePaths, pipeline: string): string | undefined =>
  readPointer(store, pipeline)?.run ?? undefined;

/** The id of the last finished run of a pipeline, or of the last run if all were interrupted. */
export function lastFinishedOf(store: StorePaths, pipeline: string): string | undefined {
  const last = lastRunOf(store, pipeline);
  return last === undefined ? undefined : (finishedFrom(store, last) ?? last);
}

/** The id of a run, or of the nearest run before that finished. */
export function finishedFrom(store: StorePaths, run: string | null): string | undefined {
  for (let id = run; id !== null; ) {
    const found = readRunWithOrder(store, id);
    if (!found) return undefined;
    if ('sameAs' in found.record || !found.record.interrupted) return id;
    id = found.before;
  }
  return undefined;
}

/** A run read from the store. If it had nothing to do, `record` is that of the run whose results it found. */
export interface Run extends Pick<RunRecord, 'run' | 'began' | 'request'> {
  readonly record: RunRecord;
}

export function readRun(store: StorePaths, run: string): Run | undefined {
  const found = readRunRecord(store, run);
  const record = found && 'sameAs' in found ? readRun(store, found.sameAs)?.record : found;
  return found && record && { run: found.run, began: found.began, request: found.request, record };
}

const readRunRecord = (store: StorePaths, run: string): RunRecord | SameRun | undefined =>
  readRunWithOrder(store, run)?.record;

/** The record as it was written; undefined if it is missing, damaged or of another format. */
export function readRunWithOrder(
  store: StorePaths,
  run: string,
): (RunOrder & { readonly record: RunRecord | SameRun }) | undefined {
  const stored = readCheckedOfAnyAge<(RunRecord | SameRun) & Partial<RunOrder> & { readonly format: number }>(
    store.run(run),
  );
  if (stored?.format !== RECORD_FORMAT || stored.run !== run) return undefined;
  const { format: _, order: __, before = null, ...record } = stored;
  return { order: orderOf(stored), before, record };
}

const pointerOf = (store: StorePaths, pipeline: string) => store.last(digestOf(realpathSync(pipeline)));
