/**
 * Removes from a store what is not needed. Needs the store for itself (`withSoleUse`). Results go before their
 * blobs, so that a kill at any instant leaves no result without them.
 */
import { join } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { removeTreeIfOwn } from '../files/remove.ts';
import { bytesOf, type ListedResult, leftovers, listResults, nameOf, spreadPaths } from '../store/inventory.ts';
import type { Key } from '../store/key.ts';
import { FOLDERS, type Store } from '../store/layout.ts';
import { keptToDrop } from './partial-downloads.ts';

/** What must stay. */
export interface Needs {
  readonly keys: ReadonlySet<Key>;
  /** Outputs that a lock names: their results stay, and their blobs. */
  readonly locked: ReadonlySet<Digest>;
  readonly runs: ReadonlySet<string>;
  /** Results of the runs that are not kept; below a limit a run stays as long as all of its results do. */
  readonly otherRuns: ReadonlyMap<string, readonly Key[]>;
  readonly lasts: ReadonlySet<string>;
  readonly upToDate: ReadonlySet<string>;
  readonly plans: ReadonlySet<string>;
  readonly code: ReadonlySet<string>;
  /** By key, when a run used a result last: greater is later. */
  readonly lastUse: ReadonlyMap<Key, number>;
}

export interface Dropped {
  readonly results: number;
  readonly blobs: number;
  readonly runs: number;
  readonly bytes: number;
  /** Entries of another user, which only that user can remove. */
  readonly refused: readonly string[];
  readonly kept: {
    readonly bytes: number;
    readonly forRuns: number;
    readonly forLocks: number;
    /** Nothing needs them, but they fit below the given size. */
    readonly recent: number;
  };
}

/**
 * Where `limit` is null everything goes that is not needed; else, of the results that are not needed, as many as
 * it takes for the store to get below that many bytes, the longest unused first. `mayRemove` is asked before each removal;
 * where it says no, this only says what would go.
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
    const gone = entriesIn(join(root, folder)).filter(
      ({ name }) => name.endsWith(extension) && !needed.has(nameOf(name, extension)),
    );
    for (const { name } of gone) remove(join(root, folder, name));
    return gone.length;
  };

  const unreadable: string[] = [];
  const listed = listResults(store, (path) => unreadable.push(path));
  const forRuns = listed.filter(({ key }) => needs.keys.has(key));
  const others = listed.filter(({ key }) => !needs.keys.has(key));
  const forLocks = others.filter(({ blobs }) => blobs.some((blob) => needs.locked.has(blob)));
  const locked = new Set(forLocks);
  const idle = longestUnusedFirst(
    others.filter((result) => !locked.has(result)),
    needs.lastUse,
  );

  const sizes = new Map(spreadPaths(root, FOLDERS.blobs).map((path) => [nameOf(path, '') as Digest, bytesOf(path)]));
  /** How many need each blob. */
  const rest = new Map<Digest, number>();
  const count = ({ blobs }: ListedResult, by: number) => {
    for (const digest of new Set(blobs)) rest.set(digest, (rest.get(digest) ?? 0) + by);
  };
  for (const result of listed) count(result, 1);
  for (const digest of needs.locked) rest.set(digest, (rest.get(digest) ?? 0) + 1);
  let size = [...sizes].reduce((sum, [digest, own]) => sum + ((rest.get(digest) ?? 0) > 0 ? own : 0), 0);
  size += listed.reduce((sum, { key }) => sum + bytesOf(store.result(key)), 0);

  const dropped: ListedResult[] = [];
  for (const result of idle) {
    if (limit !== null && size <= limit) break;
    dropped.push(result);
    count(result, -1);
    size -= bytesOf(store.result(result.key));
    for (const blob of new Set(result.blobs)) if (rest.get(blob) === 0) size -= sizes.get(blob) ?? 0;
  }

  removeFrom(FOLDERS.upToDate, '.json', needs.upToDate);
  removeFrom(FOLDERS.lastRuns, '.json', needs.lasts);
  const gone = new Set(dropped.map(({ key }) => key));
  const whole = limit === null ? [] : [...needs.otherRuns].filter(([, keys]) => !keys.some((key) => gone.has(key)));
  const runs = removeFrom(FOLDERS.runs, '.json', new Set([...needs.runs, ...whole.map(([run]) => run)]));
  for (const path of leftovers(root)) remove(path);
  // What is a leftover too is gone by now, and counts nothing.
  for (const path of unreadable) if (!path.endsWith('.tmp')) remove(path);
  for (const { key } of dropped) remove(store.result(key));
  const unneeded = [...sizes].filter(([digest]) => (rest.get(digest) ?? 0) <= 0);
  const going = new Set(unneeded.map(([digest]) => store.blob(digest)));
  for (const { path, size } of keptToDrop(root, going, limit === null)) remove(path, size);
  for (const [digest, own] of unneeded) remove(store.blob(digest), own);
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

/** Results that no run remembers go first, then by the last run that used them; those of one run by when they were made. */
function longestUnusedFirst(
  results: readonly ListedResult[],
  lastUse: ReadonlyMap<Key, number>,
): readonly ListedResult[] {
  const used = ({ key }: ListedResult) => lastUse.get(key) ?? 0;
  return [...results].sort((a, b) => used(a) - used(b) || a.started.localeCompare(b.started));
}
