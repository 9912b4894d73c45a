/** The runs and results that a store remembers, for `explain` and `diff`. */
import type { Key } from '../store/key.ts';
import type { StorePaths } from '../store/layout.ts';
import { readResult, type StoredResult } from '../store/result.ts';
import { type ActionRecord, type Run, type RunRecord, readRun } from './run-record.ts';

export interface History {
  /** Undefined if its record is gone. */
  run(id: string): Run | undefined;
  result(key: Key): StoredResult | undefined;
}

/** Reads each record at most once. */
export function historyOf(store: StorePaths): History {
  const runs = new Map<string, Run | undefined>();
  const results = new Map<Key, StoredResult | undefined>();
  return {
    run(id) {
      if (!runs.has(id)) runs.set(id, readRun(store, id));
      return runs.get(id);
    },
    result(key) {
      if (!results.has(key)) results.set(key, readResult(store, key));
      return results.get(key);
    },
  };
}

const indexes = new WeakMap<RunRecord, ReadonlyMap<string, ActionRecord>>();

/** Undefined if the action was not part of the run. */
export function actionIn(record: RunRecord, action: string): ActionRecord | undefined {
  let index = indexes.get(record);
  if (!index) {
    index = new Map(record.actions.map((entry) => [entry.action, entry]));
    indexes.set(record, index);
  }
  return index.get(action);
}

export const hasResult = (record: RunRecord, action: string): boolean => {
  const outcome = actionIn(record, action)?.outcome;
  return outcome === 'executed' || outcome === 'reused';
};

/** The runs before a run, latest first, up to the first whose record is gone. */
export function* runsBefore(history: History, record: RunRecord): Generator<RunRecord> {
  for (let id = record.previous; id !== null; ) {
    const earlier = history.run(id)?.record;
    if (!earlier) return;
    yield earlier;
    id = earlier.previous;
  }
}
