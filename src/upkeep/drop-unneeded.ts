/**
 * Removes from a store everything that is not needed. Call it with sole use of the store (`withSoleUse`). Results go
 * before their blobs, so that a kill at any instant leaves no result without its blobs.
 */
import { join } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { removeTreeIfOwn } from '../files/remove.ts';
import { bytesOf, type ListedResult, leftovers, listResults, nameOf, spreadPaths } from '../store/inventory.ts';
import type { Key } from '../store/key.ts';
import { FOLDERS, type Store } from '../store/layout.ts';
import { downloadsOf, unfinishedDownloads } from './partial-downloads.ts';

/** Names of everything that must stay. */
export interface Needs {
  readonly keys: ReadonlySet<Key>;
  /** Outputs that a lock names: their blobs and their results stay. */
  readonly locked: ReadonlySet<Digest>;
  readonly runs: ReadonlySet<string>;
  /** The results of runs that are not kept. With a limit such a run stays as long as all of its results do. */
  readonly otherRuns: ReadonlyMap<string, readonly Key[]>;
  readonly lasts: ReadonlySet<string>;
  readonly upToDate: ReadonlySet<string>;
  readonly plans: ReadonlySet<string>;
  readonly code: ReadonlySet<string>;
  /** The last use of each result by a run: greater is later. */
  readonly lastUse: ReadonlyMap<Key, number>;
}

export interface Dropped {
  readonly results: number;
  readonly blobs: number;
  readonly runs: number;
  readonly bytes: number;
  /** Paths of another user, which only that user can remove. */
  readonly refused: readonly string[];
  readonly kept: {
    readonly bytes: number;
    readonly forRuns: number;
    readonly forLocks: number;
    /** Results that nothing needs, but that fit below the limit. */
    readonly recent: number;
  };
}

/**
 * Drops everything that is not needed if `limit` is null. Else drops unneeded results, the longest unused first, until the
 * store is smaller than `limit` bytes. Asks `mayRemove` before each removal; if it says no, the removal is only counted.
 */
export function dropUnneeded(store: Store, needs: Needs, limit: number | null, mayRemove: () => boolean): Dropped {
  const { root } = store;
  let bytes = 0;
  const refused: string[] = [];
  const remove = (path: string, size = bytesOf(path)) => {
    if (mayRemove() && !removeTreeIfOwn(path)) refused.push(path);
    else bytes += size;
  };
  const removeFrom = (folder: string, extension: string, needed: ReadonlySet<string>): number => {
    const unneeded = entriesIn(join(root, folder)).filter(
      ({ name }) => name.endsWith(extension) && !needed.has(nameOf(name, extension)),
    );
    for (const { name } of unneeded) remove(join(root, folder, name));
    return unneeded.length;
  };

  const unreadable: string[] = [];
  const listed = listResults(store, (path) => unreadable.push(path));
  const { forRuns, forLocks, idle } = sortByNeed(listed, needs);
  const contents = contentsOf(store, listed, needs.locked);
  const { dropped, size } = chooseDropped(store, idle, contents, limit);

  removeFrom(FOLDERS.upToDate, '.json', needs.upToDate);
  removeFrom(FOLDERS.lastRuns, '.json', needs.lasts);
  const runs = removeFrom(FOLDERS.runs, '.json', new Set([...needs.runs, ...completeRuns(needs, dropped, limit)]));
  for (const path of leftovers(root)) remove(path);
  // Leftovers were removed above; do not count them twice.
  for (const path of unreadable) if (!path.endsWith('.tmp')) remove(path);
  for (const { key } of dropped) remove(store.result(key));
  const unneeded = [...contents.sizes].filter(([digest]) => (contents.users.get(digest) ?? 0) <= 0);
  const unfinished = limit === null ? unfinishedDownloads(root) : [];
  const downloads = downloadsOf(root, new Set(unneeded.map(([digest]) => store.blob(digest))));
  for (const { path, size } of [...downloads, ...unfinished]) remove(path, size);
  for (const [digest, size] of unneeded) remove(store.blob(digest), size);
  removeFrom(FOLDERS.checkedPipelines, '.json', needs.plans);
  removeFrom(FOLDERS.code, '.mjs', needs.code);

  return {
    results: dropped.length,
    blobs: unneeded.length,
    runs,
    bytes,
    refused,
    kept: {
      bytes: size,
      forRuns: forRuns.length,
      forLocks: forLocks.length,
      recent: idle.length - dropped.length,
    },
  };
}

/** Splits results into those that runs need, those that only locks need, and the rest, longest unused first. */
function sortByNeed(results: readonly ListedResult[], needs: Needs) {
  const forRuns = results.filter(({ key }) => needs.keys.has(key));
  const others = results.filter(({ key }) => !needs.keys.has(key));
  const isLocked = ({ blobs }: ListedResult) => blobs.some((blob) => needs.locked.has(blob));
  const forLocks = others.filter(isLocked);
  const idle = longestUnusedFirst(
    others.filter((result) => !isLocked(result)),
    needs.lastUse,
  );
  return { forRuns, forLocks, idle };
}

interface Contents {
  /** Bytes of all results and of the blobs that have users. */
  readonly bytes: number;
  /** Bytes of each blob in the store. */
  readonly sizes: ReadonlyMap<Digest, number>;
  /** How many results and locks need each blob. */
  readonly users: Map<Digest, number>;
}

function contentsOf(store: Store, results: readonly ListedResult[], locked: ReadonlySet<Digest>): Contents {
  const sizes = new Map(
    spreadPaths(store.root, FOLDERS.blobs).map((path) => [nameOf(path, '') as Digest, bytesOf(path)]),
  );
  const users = new Map<Digest, number>();
  const all = [...results.flatMap(({ blobs }) => [...new Set(blobs)]), ...locked];
  for (const digest of all) users.set(digest, (users.get(digest) ?? 0) + 1);
  const used = [...sizes].filter(([digest]) => users.has(digest));
  const bytes = used.reduce((sum, [, size]) => sum + size, 0);
  return { bytes: results.reduce((sum, { key }) => sum + bytesOf(store.result(key)), bytes), sizes, users };
}

/** Chooses results to drop, takes them out of `users`, and returns the size of the remaining store in bytes. */
function chooseDropped(
  store: Store,
  idle: readonly ListedResult[],
  { bytes, sizes, users }: Contents,
  limit: number | null,
): { readonly dropped: readonly ListedResult[]; readonly size: number } {
  let size = bytes;
  const dropped: ListedResult[] = [];
  for (const result of idle) {
    if (limit !== null && size <= limit) break;
    dropped.push(result);
    size -= bytesOf(store.result(result.key));
    for (const blob of new Set(result.blobs)) {
      const left = (users.get(blob) ?? 0) - 1;
      users.set(blob, left);
      if (left === 0) size -= sizes.get(blob) ?? 0;
    }
  }
  return { dropped, size };
}

/** Below a limit: the runs that are not kept, but still have all of their results. */
function completeRuns(needs: Needs, dropped: readonly ListedResult[], limit: number | null): readonly string[] {
  if (limit === null) return [];
  const gone = new Set(dropped.map(({ key }) => key));
  return [...needs.otherRuns].flatMap(([run, keys]) => (keys.some((key) => gone.has(key)) ? [] : [run]));
}

/** Results that no run used come first, then the others by their last use, and those of the same run by age. */
function longestUnusedFirst(
  results: readonly ListedResult[],
  lastUse: ReadonlyMap<Key, number>,
): readonly ListedResult[] {
  const used = ({ key }: ListedResult) => lastUse.get(key) ?? 0;
  return [...results].sort((a, b) => used(a) - used(b) || a.started.localeCompare(b.started));
}
