/**
 * Hashes blobs again, because a signature proves that no program changed a blob, but not that the disk still returns the
 * same bytes. Before a result is reused, each of its blobs is hashed
 * - always, if the blob is small (at most 1 MB and 1,000 files);
 * - else if it was not hashed for a week, or for a day on another machine's disk.
 * Blobs are also hashed when they are made or downloaded. A run with nothing to do hashes no blob.
 */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { writeAtomic } from '../files/atomic-write.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { appendToJournal, readJournal } from '../files/journal.ts';
import { isLocal } from '../files/nfs.ts';
import { isDamage } from '../files/read-file.ts';
import { freePath, removeTree } from '../files/remove.ts';
import { listResults } from './inventory.ts';
import type { Key } from './key.ts';
import { FILES, type Store, type StorePaths } from './layout.ts';
import { madeFrom } from './made-from.ts';
import { digestAt, digestAtSync } from './read-tree.ts';
import { type Lookup, lookUp, type StoredOutput, type StoredResult } from './result.ts';

const SMALL_BYTES = 1 << 20;
const SMALL_FILES = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

interface HashableBlob {
  readonly digest: Digest;
  readonly files: readonly { readonly size: number }[];
}

/** Looks up a key, and hashes the blobs of its result that are due. Drops damaged blobs, and results made from them. */
export async function lookUpHashed(store: Store, key: Key, look: typeof lookUp = lookUp): Promise<Lookup> {
  const lookup = look(store, key);
  if (!('found' in lookup)) return lookup;
  const lost = await damagedPort(store, lookup.found);
  return lost === undefined ? lookup : { lost };
}

async function damagedPort(store: Store, { outputs }: StoredResult): Promise<string | undefined> {
  for (const [port, output] of Object.entries(outputs)) {
    for (const blob of output ? blobsOf(output) : []) {
      if (!isDue(store, blob)) continue;
      const path = store.blob(blob.digest);
      // Hash again, without a pause before the removal: another action may have replaced the blob meanwhile.
      if (!(await isSound(path, blob.digest)) && !isSoundNow(path, blob.digest)) {
        if (!store.refusal) dropBlob(store, blob.digest);
        return port;
      }
      store.hashed.add(blob.digest);
      if (!isSmall(blob) && !store.refusal) noteHashed(store, blob.digest);
    }
  }
  return undefined;
}

const blobsOf = ({ digest, files, siblings }: StoredOutput): readonly HashableBlob[] => [
  { digest, files },
  ...siblings.map((sibling) => ({ digest: sibling.digest, files: [sibling.file] })),
];

const isSmall = ({ files }: HashableBlob): boolean =>
  files.length <= SMALL_FILES && files.reduce((sum, { size }) => sum + size, 0) <= SMALL_BYTES;

/** Each opening hashes a blob at most once. */
function isDue(store: Store, blob: HashableBlob): boolean {
  if (store.hashed.has(blob.digest)) return false;
  if (isSmall(blob)) return true;
  const written = lstatSync(store.blob(blob.digest), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const age = Date.now() - (readHashed(store).get(blob.digest) ?? written);
  // A time in the future does not count.
  return age < 0 || age > (isLocal(store.root) ? 7 * DAY_MS : DAY_MS);
}

async function isSound(path: string, digest: Digest): Promise<boolean> {
  try {
    return (await digestAt(path)) === digest;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

function isSoundNow(path: string, digest: Digest): boolean {
  try {
    return digestAtSync(path) === digest;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

const isGone = (error: unknown): boolean => errorCode(error) === 'ENOENT' || isDamage(error);

/** Drops a damaged blob and all results made from it, like `cache check`. Safe during other runs: they find no result. */
export function dropBlob(store: Store, digest: Digest): void {
  freePath(store.blob(digest));
  const results = listResults(store, () => {});
  for (const { key } of madeFrom(results, new Set([digest]))) removeTree(store.result(key));
}

const hashedPath = ({ root }: StorePaths): string => join(root, FILES.hashed);

const sumOf = (digest: string, at: number): string => digestOf(`${digest} ${at}`).slice(0, 16);

/** When large blobs were hashed last (ms since 1970). Blobs of damaged lines are hashed again. */
function readHashed(store: StorePaths): Map<Digest, number> {
  try {
    const lines = readJournal(hashedPath(store)).filter(isLine);
    return new Map(lines.flatMap(([sum, digest, at]) => (sum === sumOf(digest, at) ? [[digest, at]] : [])));
  } catch (error) {
    if (isDamage(error)) return new Map();
    throw error;
  }
}

const isLine = (line: unknown): line is [sum: string, digest: Digest, at: number] =>
  Array.isArray(line) && line.length === 3;

function noteHashed(store: StorePaths, digest: Digest): void {
  const at = Date.now();
  appendToJournal(hashedPath(store), [[sumOf(digest, at), digest, at]]);
}

/** Drops the entries of missing blobs. */
export function pruneHashed(store: StorePaths): void {
  if (!lstatSync(hashedPath(store), { throwIfNoEntry: false })) return;
  const remaining = [...readHashed(store)].filter(([digest]) =>
    lstatSync(store.blob(digest), { throwIfNoEntry: false }),
  );
  writeAtomic(
    hashedPath(store),
    remaining.map(([digest, at]) => `${JSON.stringify([sumOf(digest, at), digest, at])}\n`).join(''),
  );
}
