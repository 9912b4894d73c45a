/** Drops damaged files from a store, results that were made from them, and files that nothing refers to. */
import { join } from 'node:path';
import { readCheckedOfAnyAge } from '../files/checked-json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { isDamage, readStoredIfSound } from '../files/read-file.ts';
import { freePath, removeTreeIfOwn } from '../files/remove.ts';
import { bytesOf, type ListedResult, leftovers, listResults, nameOf, spreadPaths } from '../store/inventory.ts';
import { FOLDERS, JSON_FOLDERS, SPREAD_FOLDERS, type StorePaths } from '../store/layout.ts';
import { madeFrom } from '../store/made-from.ts';

/** `blob`: its content changed. `missing`: a result names it, but it is gone. */
export type LostBlob = 'blob' | 'missing';

/**
 * `record`: the content of a result, a run or another JSON file changed. `folder`: the disk cannot list it, so its files
 * were not checked.
 */
export type Damage =
  | { readonly damaged: LostBlob; readonly digest: Digest; readonly actions: readonly string[] }
  | { readonly damaged: 'record' | 'code' | 'folder'; readonly path: string };

export interface DroppedDamage {
  readonly damage: readonly Damage[];
  /** The actions of dropped results that were made from damaged results, directly or through other results. */
  readonly madeFrom: readonly string[];
  readonly unreferenced: { readonly count: number; readonly bytes: number };
}

/** The actions that made each blob. */
export function makersOf(results: readonly ListedResult[]): Map<Digest, string[]> {
  const makers = new Map<Digest, string[]>();
  for (const { blobs, action } of results) {
    for (const digest of new Set(blobs)) makers.set(digest, [...(makers.get(digest) ?? []), action]);
  }
  return makers;
}

/** Asks `mayRemove` before each removal; if it says no, the damage is only reported. */
export function dropDamaged(
  store: StorePaths,
  lost: ReadonlyMap<Digest, LostBlob>,
  mayRemove: () => boolean,
): DroppedDamage {
  const { root } = store;
  const damage: Damage[] = [];
  const remove = (path: string) => void (mayRemove() && freePath(path));
  const drop = (damaged: 'record' | 'code', path: string) => {
    damage.push({ damaged, path });
    remove(path);
  };
  let unreferenced = { count: 0, bytes: 0 };
  const removeUnreferenced = (path: string) => {
    const bytes = bytesOf(path);
    // Only their owner can remove the files of another user.
    if (mayRemove() && !removeTreeIfOwn(path)) return;
    unreferenced = { count: unreferenced.count + 1, bytes: unreferenced.bytes + bytes };
  };
  const unlisted = unlistedFolders(root);
  damage.push(...unlisted.map((path) => ({ damaged: 'folder', path }) as const));
  if (unlisted.length > 0) return { damage, madeFrom: [], unreferenced };

  for (const path of leftovers(root)) removeUnreferenced(path);
  for (const path of misplaced(root)) drop('record', path);
  const results = listResults(store, (path) => path.endsWith('.tmp') || drop('record', path));
  const makers = makersOf(results);
  for (const [digest, damaged] of lost) {
    // No results: they were removed meanwhile, so nothing is damaged.
    const actions = makers.get(digest);
    if (actions) damage.push({ damaged, digest, actions });
  }
  const isDamaged = ({ blobs }: ListedResult) => blobs.some((digest) => lost.has(digest));
  const damaged = new Set(results.filter(isDamaged));
  const dependents = madeFrom(results, new Set(lost.keys())).filter((result) => !damaged.has(result));
  const dropped = new Set([...damaged, ...dependents]);
  for (const result of dropped) remove(store.result(result.key));
  const used = makersOf(results.filter((result) => !dropped.has(result)));
  const ofDependents = makersOf(dependents);
  for (const path of spreadPaths(root, FOLDERS.blobs)) {
    const digest = nameOf(path, '') as Digest;
    if (used.has(digest)) continue;
    if (lost.has(digest) || ofDependents.has(digest)) remove(path);
    else removeUnreferenced(path);
  }
  for (const path of damagedRecords(root)) drop('record', path);
  for (const { name } of entriesIn(join(root, FOLDERS.code))) {
    const path = join(root, FOLDERS.code, name);
    if (!name.endsWith('.tmp') && !isCode(path, nameOf(name, '.mjs'))) drop('code', path);
  }
  return { damage, madeFrom: dependents.map(({ action }) => action).sort(), unreferenced };
}

function isCode(path: string, digest: string): boolean {
  const code = readStoredIfSound(path);
  return code !== undefined && digestOf(code) === digest;
}

const damagedRecords = (root: string): string[] =>
  JSON_FOLDERS.flatMap((kind) => entriesIn(join(root, kind)).map(({ name }) => join(root, kind, name))).filter(
    (path) => !path.endsWith('.tmp') && readCheckedOfAnyAge(path) === undefined,
  );

/** Finds links, pipes and other entries in places where the store has only folders or only files. */
function misplaced(root: string): string[] {
  const folders = SPREAD_FOLDERS.flatMap((kind) =>
    entriesIn(join(root, kind)).flatMap((entry) => (entry.isDirectory() ? [] : [join(root, kind, entry.name)])),
  );
  const files = entriesIn(root).filter((entry) => entry.name.endsWith('.jsonl') && !entry.isFile());
  return [...folders, ...files.map(({ name }) => join(root, name))];
}

/** Folders that the disk cannot list. Their files would seem gone, and files that those need would seem unreferenced. */
function unlistedFolders(root: string): string[] {
  const isUnlisted = (folder: string) => {
    try {
      entriesIn(folder);
      return false;
    } catch (error) {
      if (isDamage(error)) return true;
      throw error;
    }
  };
  const kinds = [...SPREAD_FOLDERS, ...JSON_FOLDERS, FOLDERS.code, FOLDERS.claims].map((kind) => join(root, kind));
  const unlisted = kinds.filter(isUnlisted);
  const below = SPREAD_FOLDERS.map((kind) => join(root, kind)).filter((folder) => !unlisted.includes(folder));
  const spread = below.flatMap((folder) => entriesIn(folder).map(({ name }) => join(folder, name)));
  return [...unlisted, ...spread.filter(isUnlisted)];
}
