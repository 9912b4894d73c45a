/** Checks a store: hashes every blob of every result again, and drops what is damaged, unreferenced or half-made. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestAt, digestOf, digestOfPairs } from './digest.ts';
import { bytesOf, entriesOf, type ListedResult, leftovers, listResults, nameOf, spreadPaths } from './inventory.ts';
import { readRecord } from './record.ts';
import { removeTree } from './remove-tree.ts';
import { type StoreUser, withSoleUse } from './sole-use.ts';
import type { Store } from './store.ts';

/** `missing`: a result names it and it is gone. `record`: what a result, a plan or a run says is not what was written. */
export type Damage =
  | { readonly damaged: 'blob' | 'missing'; readonly digest: Digest; readonly actions: readonly string[] }
  | { readonly damaged: 'record' | 'code'; readonly path: string };

export interface Checked {
  readonly results: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly damage: readonly Damage[];
  /** What nothing refers to; a killed process may leave some. */
  readonly unreferenced: { readonly count: number; readonly bytes: number };
  /** Processes that have the store open: then nothing was dropped. */
  readonly inUse: readonly StoreUser[] | null;
}

const EMPTY_FOLDER = digestOfPairs([]);

/** Hashes while others may run, then looks again at what seemed wrong and drops it with the store for itself. */
export async function checkStore(
  store: Store,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<Checked> {
  const { root } = store;
  const listed = listResults(store, () => {});
  const users = usersOf(listed);
  const blobs = [...users.keys()].map((digest) => ({ digest, bytes: bytesOf(store.blob(digest)) }));
  const all = blobs.reduce((sum, { bytes }) => sum + bytes, 0);
  const suspects: Digest[] = [];
  let done = 0;
  for (const { digest, bytes } of blobs) {
    if (!(await isSound(store.blob(digest), digest))) suspects.push(digest);
    done += bytes;
    onProgress(done, all);
  }
  const stillBad = new Map<Digest, 'blob' | 'missing'>();
  for (const digest of suspects) {
    if (await isSound(store.blob(digest), digest)) continue;
    stillBad.set(digest, existsSync(store.blob(digest)) ? 'blob' : 'missing');
  }

  const dropAll = (dry: boolean) => {
    const damage: Damage[] = [];
    const remove = (path: string) => void (dry || removeTree(path));
    const drop = (damaged: 'record' | 'code', path: string) => {
      damage.push({ damaged, path });
      remove(path);
    };
    let unreferenced = { count: 0, bytes: 0 };
    const sweepAway = (path: string) => {
      unreferenced = { count: unreferenced.count + 1, bytes: unreferenced.bytes + bytesOf(path) };
      remove(path);
    };
    for (const path of leftovers(root)) sweepAway(path);
    const results = listResults(store, (path) => path.endsWith('.tmp') || drop('record', path));
    const made = usersOf(results);
    for (const [digest, damaged] of stillBad) {
      // Of a result that is gone meanwhile nothing is amiss.
      const actions = made.get(digest);
      if (actions) damage.push({ damaged, digest, actions });
    }
    const isSpoilt = ({ blobs }: ListedResult) => blobs.some((digest) => stillBad.has(digest));
    for (const result of results.filter(isSpoilt)) remove(store.result(result.key));
    const used = usersOf(results.filter((result) => !isSpoilt(result)));
    for (const path of spreadPaths(root, 'blobs')) {
      const digest = nameOf(path, '') as Digest;
      if (used.has(digest)) continue;
      if (stillBad.has(digest)) remove(path);
      else sweepAway(path);
    }
    for (const kind of ['runs', 'last', 'plans', 'up-to-date']) {
      for (const { name } of entriesOf(join(root, kind))) {
        const path = join(root, kind, name);
        if (!name.endsWith('.tmp') && existsSync(path) && readRecord(path) === undefined) drop('record', path);
      }
    }
    for (const { name } of entriesOf(join(root, 'code'))) {
      const path = join(root, 'code', name);
      if (!name.endsWith('.tmp') && digestOf(readFileSync(path)) !== nameOf(name, '.mjs')) drop('code', path);
    }
    return { damage, unreferenced };
  };
  const dropped = withSoleUse(store, () => dropAll(false));
  return {
    results: listed.length,
    blobs: blobs.length,
    bytes: all,
    // While others work, what they have not finished looks unreferenced.
    ...(dropped.ok ? dropped.value : { ...dropAll(true), unreferenced: { count: 0, bytes: 0 } }),
    inUse: dropped.ok ? null : dropped.error,
  };
}

/** The actions that made each blob. */
function usersOf(results: readonly ListedResult[]): Map<Digest, string[]> {
  const users = new Map<Digest, string[]>();
  for (const { blobs, action } of results) {
    for (const digest of new Set(blobs)) users.set(digest, [...(users.get(digest) ?? []), action]);
  }
  return users;
}

async function isSound(path: string, digest: Digest): Promise<boolean> {
  // It is made when it is looked for: see `lookUp`.
  if (digest === EMPTY_FOLDER) return true;
  try {
    return (await digestAt(path)) === digest;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A sector that cannot be read is damage too.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EIO') return false;
    throw error;
  }
}
