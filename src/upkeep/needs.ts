/** Finds everything that the kept runs and the locks of a store need, and the last use of each result. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { readCheckedOfAnyAge } from '../files/checked-json.ts';
import type { Digest } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { lockPathOf } from '../history/lock-file.ts';
import { finishedFrom, readRunWithOrder } from '../history/run-record.ts';
import { findCheckedPipeline } from '../load/load-pipeline.ts';
import type { Request } from '../load/request.ts';
import type { UpToDate } from '../plan/up-to-date.ts';
import { submittedNeeds } from '../slurm/submitted-needs.ts';
import { nameOf } from '../store/inventory.ts';
import type { Key } from '../store/key.ts';
import { FOLDERS, type StorePaths } from '../store/layout.ts';
import type { Needs } from './drop-unneeded.ts';

export interface StoreNeeds extends Needs {
  /** Pipelines that have runs in the store. */
  readonly pipelines: readonly string[];
  /** The lock files beside these pipelines. */
  readonly locks: readonly string[];
}

/** The part of a run's record that gc needs. */
interface RecordedRun {
  readonly run: string;
  /** Later runs have greater numbers. */
  readonly order: number;
  readonly request: Pick<Request, 'pipeline' | 'overrides'>;
  /** The run whose results it reused, if it had nothing to do; else null. */
  readonly sameAs: string | null;
  /** Whether it is a run of a sweep. */
  readonly aside: boolean;
  /** Empty for a run that had nothing to do. */
  readonly keys: readonly Key[];
}

/** Keeps the last `keepRuns` runs of each pipeline, and as many runs of its sweeps. A reused run counts as used again. */
export function needsOf(store: StorePaths, keepRuns: number): StoreNeeds {
  const all = recordedRuns(store);
  const full = all.filter(({ sameAs }) => sameAs === null);
  const again = all.filter(({ sameAs }) => sameAs !== null);
  const usedAt = new Map(full.map(({ run, order }) => [run, order]));
  for (const { order, sameAs } of again) {
    const used = usedAt.get(sameAs ?? '');
    if (sameAs !== null && used !== undefined && order > used) usedAt.set(sameAs, order);
  }
  const lastUsed = ({ run, order }: RecordedRun) => usedAt.get(run) ?? order;

  const pipelines = [...new Set(all.map(({ request }) => request.pipeline))].sort();
  const newestOf = (runs: readonly RecordedRun[]) =>
    pipelines.flatMap((pipeline) =>
      runs
        .filter(({ request }) => request.pipeline === pipeline)
        .sort((a, b) => lastUsed(b) - lastUsed(a) || (a.run < b.run ? 1 : -1))
        .slice(0, keepRuns),
    );
  const lasts = lastRuns(store);
  const lastFound = new Set(again.flatMap(({ run, sameAs }) => (lasts.has(run) && sameAs !== null ? [sameAs] : [])));
  const kept = [
    ...new Set([
      ...newestOf(full.filter(({ aside }) => !aside)),
      ...newestOf(full.filter(({ aside }) => aside)),
      ...full.filter(({ run }) => lasts.has(run) || lastFound.has(run)),
    ]),
  ];
  const keptRuns = new Set(kept.map(({ run }) => run));
  const ofKept = again.filter(({ sameAs }) => keptRuns.has(sameAs ?? ''));
  const found = [...new Set([...newestOf(ofKept), ...ofKept.filter(({ run }) => lasts.has(run))])];
  const runs = new Set([...kept, ...found].map(({ run }) => run));

  const lastUse = new Map<Key, number>();
  for (const run of full) {
    for (const key of run.keys) if (lastUsed(run) > (lastUse.get(key) ?? 0)) lastUse.set(key, lastUsed(run));
  }
  const keysOf = new Map(full.map(({ run, keys }) => [run, keys]));
  const others = all.filter(({ run }) => !runs.has(run));
  const plans = [...kept, ...found].flatMap(
    ({ request }) => findCheckedPipeline(store, request.pipeline, request.overrides) ?? [],
  );
  const submitted = submittedNeeds(store);
  const locks = pipelines.flatMap((pipeline) => lockOf(pipeline) ?? []);
  return {
    pipelines,
    locks: locks.map(({ path }) => path),
    keys: new Set([...kept.flatMap(({ keys }) => keys), ...submitted.keys]),
    locked: new Set(locks.flatMap(({ digests }) => digests)),
    runs,
    otherRuns: new Map(others.map(({ run, sameAs }) => [run, keysOf.get(sameAs ?? run) ?? []])),
    lasts: namesOfRuns(store, 'last', runs),
    upToDate: namesOfRuns(store, 'up-to-date', runs),
    plans: new Set(plans.map(({ checked }) => checked)),
    code: new Set([...plans.flatMap(({ code }) => code), ...submitted.code]),
    lastUse,
  };
}

function recordedRuns(store: StorePaths): RecordedRun[] {
  // Runs share most keys: keep each text in memory once.
  const keys = new Map<Key, Key>();
  const shared = (key: Key): Key => {
    if (!keys.has(key)) keys.set(key, key);
    return keys.get(key) ?? key;
  };
  return namesIn(`${store.root}/runs`).flatMap((name): RecordedRun[] => {
    const found = readRunWithOrder(store, name);
    if (!found) return [];
    const { record, order } = found;
    const { run, request } = record;
    if ('sameAs' in record) return [{ run, order, request, sameAs: record.sameAs, aside: false, keys: [] }];
    const recordKeys = Object.values(record.keys).map(shared);
    return [{ run, order, request, sameAs: null, aside: record.aside === true, keys: recordKeys }];
  });
}

const namesIn = (folder: string): string[] =>
  entriesIn(folder).flatMap(({ name }) => (name.endsWith('.json') ? [nameOf(name, '.json')] : []));

/** The last run and the last finished run of each pipeline, which are kept even if their order is wrong. */
const lastRuns = (store: StorePaths): Set<string> =>
  new Set(
    namesIn(join(store.root, FOLDERS.lastRuns)).flatMap((name) => {
      const run = readCheckedOfAnyAge<{ readonly run: string | null }>(
        join(store.root, FOLDERS.lastRuns, `${name}.json`),
      )?.run;
      return run ? [run, finishedFrom(store, run) ?? run] : [];
    }),
  );

/** Names of the records in a folder that belong to any of these runs. */
function namesOfRuns(store: StorePaths, folder: 'last' | 'up-to-date', runs: ReadonlySet<string>): Set<string> {
  const path = (name: string) => `${store.root}/${folder}/${name}.json`;
  return new Set(
    namesIn(`${store.root}/${folder}`).filter((name) => {
      const record = readCheckedOfAnyAge<Pick<UpToDate, 'run'>>(path(name));
      return record !== undefined && runs.has(record.run);
    }),
  );
}

/** All digests in the lock beside a pipeline. Throws if it cannot be read, so that nothing that it needs is dropped. */
function lockOf(pipeline: string): { readonly path: string; readonly digests: readonly Digest[] } | undefined {
  const path = lockPathOf(pipeline);
  try {
    const digests = readFileSync(path, 'utf8').match(/(?<==)[0-9a-f]{64}\b/g) ?? [];
    return { path, digests: digests as Digest[] };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
