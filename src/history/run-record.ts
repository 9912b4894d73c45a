/**
 * The records of runs, and which run was the last one of a pipeline: what `explain`, `diff` and the causes of
 * the next run compare with.
 */
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

/** Raised when the records below change: one of another build is then as good as none. */
const RECORD_FORMAT = 2;

/** Where else results were looked for is no part of what was done. */
type AskedBefore = Omit<Request, 'remote'>;

export interface RunRecord {
  readonly run: string;
  readonly began: string;
  readonly request: AskedBefore;
  readonly actions: readonly ActionRecord[];
  /** Of every action, the key of the last result it had; actions outside this run keep theirs. */
  readonly keys: { readonly [action: string]: Key };
  /** Digest of each source file of the tasks. */
  readonly sources: { readonly [path: string]: Digest };
  /** In the order of the document. */
  readonly steps: readonly StepRecord[];
  /** By step, how long an action took on average when it was last executed, in seconds. */
  readonly seconds: { readonly [step: string]: number };
  /** The run before this one, which the causes compare with; null for the first. */
  readonly previous: string | null;
  /** It was one of a sweep, and never the last run. */
  readonly aside?: true;
  /** It was told to stop before it was done: `explain`, `diff` and `report` speak of the last run that finished. */
  readonly interrupted?: true;
}

/** What a step was: enough to say where an input came from, and where a change was made. */
export interface StepRecord extends Pick<Step, 'name' | 'each' | 'inputs' | 'positions'> {
  /** Digest of each source file of its task, by its path relative to the pipeline; none for a shell step. */
  readonly sources: { readonly [path: string]: Digest };
}

export interface ActionRecord {
  readonly action: ActionName;
  readonly outcome: 'executed' | 'reused' | 'failed' | 'blocked' | 'cancelled';
  readonly why: readonly Cause[];
  readonly failure: ActionFailure | null;
  /** The failed actions that a blocked one waited for. */
  readonly by: readonly ActionName[];
}

/** A run that found nothing to do: everything stands as in an earlier one. */
interface SameRun extends Pick<RunRecord, 'run' | 'began' | 'request'> {
  readonly sameAs: string;
}

/** A record as a run hands it over. */
type Recorded = (RunRecord | SameRun) & { readonly request: Partial<Pick<Request, 'remote'>> };

/** Begins with the time, for people; which run was before which its record says. */
export const newRunId = (): string =>
  `${new Date().toISOString().replaceAll(/[-:]/g, '').replace('.', '')}-${randomBytes(3).toString('hex')}`;

/** Where a run stands among those of its pipeline, whatever the clock said meanwhile. */
interface Turn {
  /** Greater than that of every run before it; the time in ms as long as clocks go forward. */
  readonly order: number;
  /** The run of its pipeline that was recorded last before it. */
  readonly before: string | null;
}

/** The store's record of a pipeline's last run. */
interface Pointer {
  /** Null where there were only runs of sweeps. */
  readonly run: string | null;
  readonly order?: number;
}

/** Writes the record of a run that does not become the last one of its pipeline. */
export function recordAside(store: StorePaths, record: Recorded): void {
  const { order, before } = writeRun(store, record);
  writeChecked(pointerOf(store, record.request.pipeline), { run: before, order } satisfies Pointer);
}

/** Writes the record of a run, then makes it the last one of its pipeline. */
export function recordRun(store: StorePaths, record: Recorded): void {
  const { order } = writeRun(store, record);
  // The pointer must not reach the disk before what it points to.
  if (!('sameAs' in record)) flushFolderSync(dirname(store.run(record.run)));
  writeChecked(pointerOf(store, record.request.pipeline), { run: record.run, order } satisfies Pointer);
}

function writeRun(store: StorePaths, record: Recorded): Turn {
  const { remote: _, ...request } = record.request;
  const last = readPointer(store, request.pipeline);
  const turn: Turn = { order: Math.max(Date.now(), orderOf(last) + 1), before: last?.run ?? null };
  writeChecked(store.run(record.run), { format: RECORD_FORMAT, ...turn, ...record, request });
  return turn;
}

/** One of an older groundproof stands where the time in its id says. */
const orderOf = (run: (Partial<Pick<Turn, 'order'>> & { readonly run: string | null }) | undefined): number =>
  run?.order ?? timeIn(run?.run ?? '');

function timeIn(id: string): number {
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(id)?.slice(1);
  if (!time) return 0;
  const [year = '', month, day, hour, minute, second, ms] = time;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) || 0;
}

const readPointer = (store: StorePaths, pipeline: string): Pointer | undefined =>
  readCheckedOfAnyAge<Pointer>(pointerOf(store, pipeline));

/** The last run of a pipeline; of one with nothing to do, the run whose results it found. */
export function readLastRun(store: StorePaths, pipeline: string): RunRecord | undefined {
  const last = lastRunOf(store, pipeline);
  return last === undefined ? undefined : readRun(store, last)?.record;
}

/** The id of the last run of a pipeline, whose file must exist. */
const lastRunOf = (store: StorePaths, pipeline: string): string | undefined =>
  readPointer(store, pipeline)?.run ?? undefined;

/** The id of the last run of a pipeline that finished; where none did, that of the last one. */
export function lastFinishedOf(store: StorePaths, pipeline: string): string | undefined {
  const last = lastRunOf(store, pipeline);
  return last === undefined ? undefined : (finishedFrom(store, last) ?? last);
}

/** A run, or the nearest one before it that finished. */
export function finishedFrom(store: StorePaths, run: string | null): string | undefined {
  for (let id = run; id !== null; ) {
    const turn = readRunInTurn(store, id);
    if (!turn) return undefined;
    if ('sameAs' in turn.record || !turn.record.interrupted) return id;
    id = turn.before;
  }
  return undefined;
}

/** A run as it is found again. `record` is its own, or, where it had nothing to do, of the run whose results it found. */
export interface Run extends Pick<RunRecord, 'run' | 'began' | 'request'> {
  readonly record: RunRecord;
}

export function readRun(store: StorePaths, run: string): Run | undefined {
  const own = readRunRecord(store, run);
  const record = own && 'sameAs' in own ? readRun(store, own.sameAs)?.record : own;
  return own && record && { run: own.run, began: own.began, request: own.request, record };
}

/** One record as it was written; undefined when there is none, or it is damaged or of another format. */
const readRunRecord = (store: StorePaths, run: string): RunRecord | SameRun | undefined =>
  readRunInTurn(store, run)?.record;

/** The same, with where it stands among the others. */
export function readRunInTurn(
  store: StorePaths,
  run: string,
): (Turn & { readonly record: RunRecord | SameRun }) | undefined {
  const kept = readCheckedOfAnyAge<(RunRecord | SameRun) & Partial<Turn> & { readonly format: number }>(store.run(run));
  if (kept?.format !== RECORD_FORMAT || kept.run !== run) return undefined;
  const { format: _, order: __, before = null, ...record } = kept;
  return { order: orderOf(kept), before, record };
}

/** Where the store says which run of a pipeline was the last. */
const pointerOf = (store: StorePaths, pipeline: string) => store.last(digestOf(realpathSync(pipeline)));
