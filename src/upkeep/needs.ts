/** What the kept runs and the locks of a store need, and when each result was last used. */

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

export interface Known extends Needs {
  /** Pipelines that have runs in the store. */
  readonly pipelines: readonly string[];
  /** Lock files that were found beside them. */
  readonly locks: readonly string[];
}

/** A run in as few words as gc needs; one with nothing to do has the results of the run that it found. */
interface KnownRun {
  readonly run: string;
  readonly order: number;
  readonly request: Pick<Request, 'pipeline' | 'overrides'>;
  readonly sameAs: string | null;
  /** A run of a sweep. */
  readonly aside: boolean;
  readonly keys: readonly Key[];
}

/** Of each pipeline, the `keepRuns` runs that were made or found again last are kept, and as many of its sweeps' runs. */
export function needsOf(store: StorePaths, keepRuns: number): Known {
  const all = knownRuns(store);
  const full = all.filter(({ sameAs }) => sameAs === null);
  const again = all.filter(({ sameAs }) => sameAs !== null);
  const usedAt = new Map(full.map(({ run, order }) => [run, order]));
  for (const { order, sameAs } of again) {
    const used = usedAt.get(sameAs ?? '');
    if (sameAs !== null && used !== undefined && order > used) usedAt.set(sameAs, order);
  }
  const lastUsed = ({ run, order }: KnownRun) => usedAt.get(run) ?? order;

  const pipelines = [...new Set(all.map(({ request }) => request.pipeline))].sort();
  const newestOf = (runs: readonly KnownRun[]) =>
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
    lasts: namesWhose(store, 'last', runs),
    upToDate: namesWhose(store, 'up-to-date', runs),
    plans: new Set(plans.map(({ checked }) => checked)),
    code: new Set([...plans.flatMap(({ code }) => code), ...submitted.code]),
    lastUse,
  };
}

function knownRuns(store: StorePaths): KnownRun[] {
  // Runs share most keys: each is kept once.
  const keys = new Map<Key, Key>();
  const own = (key: Key): Key => {
    if (!keys.has(key)) keys.set(key, key);
    return keys.get(key) ?? key;
  };
  return namesIn(`${store.root}/runs`).flatMap((name): KnownRun[] => {
    const found = readRunWithOrder(store, name);
    if (!found) return [];
    const { record, order } = found;
    const { run, request } = record;
    return 'sameAs' in record
      ? [{ run, order, request, sameAs: record.sameAs, aside: false, keys: [] }]
      : [
          {
            run,
            order,
            request,
            sameAs: null,
            aside: record.aside === true,
            keys: Object.values(record.keys).map(own),
          },
        ];
  });
}

const namesIn = (folder: string): string[] =>
  entriesIn(folder).flatMap(({ name }) => (name.endsWith('.json') ? [nameOf(name, '.json')] : []));

/** The last run of each pipeline, and the last that finished: kept whatever the clock said when they were made. */
const lastRuns = (store: StorePaths): Set<string> =>
  new Set(
    namesIn(join(store.root, FOLDERS.lastRuns)).flatMap((name) => {
      const run = readCheckedOfAnyAge<{ readonly run: string | null }>(
        join(store.root, FOLDERS.lastRuns, `${name}.json`),
      )?.run;
      return run ? [run, finishedFrom(store, run) ?? run] : [];
    }),
  );

/** Records in a folder that speak of one of these runs. */
function namesWhose(store: StorePaths, folder: string, runs: ReadonlySet<string>): Set<string> {
  const path = (name: string) => `${store.root}/${folder}/${name}.json`;
  return new Set(
    namesIn(`${store.root}/${folder}`).filter((name) => {
      const record = readCheckedOfAnyAge<Pick<UpToDate, 'run'>>(path(name));
      return record !== undefined && runs.has(record.run);
    }),
  );
}

/** Every digest in the lock beside a pipeline. One that cannot be read is no reason to drop what it needs: it throws. */
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
