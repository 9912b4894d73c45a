/** Checks a store: hashes the blobs of all results again, and drops damaged, unreferenced and half-made files. */

import { existsSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import type { Digest } from '../files/digest.ts';
import { isDamage } from '../files/read-file.ts';
import { bytesOf, listResults } from '../store/inventory.ts';
import type { Store } from '../store/layout.ts';
import { digestAt } from '../store/read-tree.ts';
import { type NotAlone, withSoleUse } from '../store/sole-use.ts';
import { EMPTY_FOLDER } from '../store/tree.ts';
import { type Damage, dropDamaged, type LostBlob, makersOf } from './drop-damaged.ts';

export interface StoreCheck {
  readonly results: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly damage: readonly Damage[];
  /** The actions of results that were made from damaged results. */
  readonly madeFrom: readonly string[];
  /** Files that nothing refers to; a killed process may leave some. */
  readonly unreferenced: { readonly count: number; readonly bytes: number };
  /** The processes that have the store open, so that nothing was dropped; null if it was free. */
  readonly inUse: NotAlone | null;
}

/** Hashes while other processes may run, then checks suspects again and drops them with sole use of the store. */
export async function checkStore(
  store: Store,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<StoreCheck> {
  const listed = listResults(store, () => {});
  const blobs = [...makersOf(listed).keys()].map((digest) => ({ digest, bytes: bytesOf(store.blob(digest)) }));
  const all = blobs.reduce((sum, { bytes }) => sum + bytes, 0);
  const suspects: Digest[] = [];
  let done = 0;
  for (const { digest, bytes } of blobs) {
    if (!(await isSound(store.blob(digest), digest))) suspects.push(digest);
    done += bytes;
    onProgress(done, all);
  }
  const lost = new Map<Digest, LostBlob>();
  for (const digest of suspects) {
    if (await isSound(store.blob(digest), digest)) continue;
    lost.set(digest, existsSync(store.blob(digest)) ? 'blob' : 'missing');
  }
  const dropped = withSoleUse(store, (isOurs) => dropDamaged(store, lost, isOurs));
  return {
    results: listed.length,
    blobs: blobs.length,
    bytes: all,
    // While other processes work, their unfinished files look unreferenced.
    ...(dropped.ok ? dropped.value : { ...dropDamaged(store, lost, () => false), unreferenced: NOTHING }),
    inUse: dropped.ok ? null : dropped.error,
  };
}

const NOTHING = { count: 0, bytes: 0 };

async function isSound(path: string, digest: Digest): Promise<boolean> {
  // `lookUp` makes it if it is missing.
  if (digest === EMPTY_FOLDER) return true;
  try {
    return (await digestAt(path)) === digest;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || isDamage(error)) return false;
    throw error;
  }
}
