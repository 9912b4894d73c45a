/** Drops what is damaged from a store, what was made from it, and what nothing refers to. */
import { join } from 'node:path';
import { readCheckedOfAnyAge } from '../files/checked-json.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import { isDamage, readStoredIfSound } from '../files/read-file.ts';
import { freePath, removeTreeIfOwn } from '../files/remove.ts';
import { bytesOf, type ListedResult, leftovers, listResults, nameOf, spreadPaths } from '../store/inventory.ts';
import { FOLDERS, JSON_FOLDERS, SPREAD_FOLDERS, type StorePaths } from '../store/layout.ts';
import { madeFrom } from '../store/made-from.ts';

/** `missing`: a result names it and it is gone. */
export type LostBlob = 'blob' | 'missing';

/**
 * `record`: what a result, a plan or a run says is not what was written. `folder`: the disk does not list it, so what is
 * in it was not looked at.
 */
export type Damage =
  | { readonly damaged: LostBlob; readonly digest: Digest; readonly actions: readonly string[] }
  | { readonly damaged: 'record' | 'code' | 'folder'; readonly path: string };

export interface DroppedDamage {
  readonly damage: readonly Damage[];
  /** The action of each result that was made from what is damaged, or from what that made: dropped as well. */
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

/** Removes a path only while `mayRemove` says so: else it only says what is damaged. */
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
  const sweepAway = (path: string) => {
    const bytes = bytesOf(path);
    // Another user's is theirs to sweep away.
    if (mayRemove() && !removeTreeIfOwn(path)) return;
    unreferenced = { count: unreferenced.count + 1, bytes: unreferenced.bytes + bytes };
  };
  const unlisted = unlistedFolders(root);
  damage.push(...unlisted.map((path) => ({ damaged: 'folder', path }) as const));
  if (unlisted.length > 0) return { damage, madeFrom: [], unreferenced };

  for (const path of leftovers(root)) sweepAway(path);
  for (const path of misplaced(root)) drop('record', path);
  const results = listResults(store, (path) => path.endsWith('.tmp') || drop('record', path));
  const makers = makersOf(results);
  for (const [digest, damaged] of lost) {
    // Nothing is amiss where its results are gone by now.
    const actions = makers.get(digest);
    if (actions) damage.push({ damaged, digest, actions });
  }
  const isSpoilt = ({ blobs }: ListedResult) => blobs.some((digest) => lost.has(digest));
  const spoilt = new Set(results.filter(isSpoilt));
  const made = madeFrom(results, new Set(lost.keys())).filter((result) => !spoilt.has(result));
  for (const result of [...spoilt, ...made]) remove(store.result(result.key));
  const kept = new Set(results);
  for (const result of [...spoilt, ...made]) kept.delete(result);
  const used = makersOf([...kept]);
  const ofDropped = makersOf(made);
  for (const path of spreadPaths(root, FOLDERS.blobs)) {
    const digest = nameOf(path, '') as Digest;
    if (used.has(digest)) continue;
    if (lost.has(digest) || ofDropped.has(digest)) remove(path);
    else sweepAway(path);
  }
  for (const path of damagedRecords(root)) drop('record', path);
  for (const { name } of entriesIn(join(root, FOLDERS.code))) {
    const path = join(root, FOLDERS.code, name);
    if (!name.endsWith('.tmp') && !isCode(path, nameOf(name, '.mjs'))) drop('code', path);
  }
  return { damage, madeFrom: made.map(({ action }) => action).sort(), unreferenced };
}

function isCode(path: string, digest: string): boolean {
  const code = readStoredIfSound(path);
  return code !== undefined && digestOf(code) === digest;
}

const damagedRecords = (root: string): string[] =>
  JSON_FOLDERS.flatMap((kind) => entriesIn(join(root, kind)).map(({ name }) => join(root, kind, name))).filter(
    (path) => !path.endsWith('.tmp') && readCheckedOfAnyAge(path) === undefined,
  );

/** Finds entries of the wrong type where a folder or a file of the store belongs: links, pipes, files for folders. */
function misplaced(root: string): string[] {
  const folders = SPREAD_FOLDERS.flatMap((kind) =>
    entriesIn(join(root, kind)).flatMap((entry) => (entry.isDirectory() ? [] : [join(root, kind, entry.name)])),
  );
  const files = entriesIn(root).filter((entry) => entry.name.endsWith('.jsonl') && !entry.isFile());
  return [...folders, ...files.map(({ name }) => join(root, name))];
}

/** Folders that the disk does not list: what lies there would seem gone, and what it needs unreferenced. */
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
