/**
 * When blobs are hashed again. A signature tells that nobody wrote to a blob; that the disk still gives back what was
 * written, only hashing tells. A result that is about to be used again has each of its blobs hashed
 * - every time, where the blob is small (at most 1 MB and 1,000 files);
 * - else when it was not hashed for a week, or for a day on a disk of another machine.
 * A blob that was made or downloaded was hashed then. Nothing is hashed in a run that has nothing to do.
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
import type { StorePaths } from './layout.ts';
import { madeFrom } from './made-from.ts';
import type { Store } from './open.ts';
import { digestAt, digestAtSync } from './read-tree.ts';
import { type Lookup, lookUp, type StoredOutput, type StoredResult } from './result.ts';

const SMALL_BYTES = 1 << 20;
const SMALL_FILES = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

interface Blob {
  readonly digest: Digest;
  readonly files: readonly { readonly size: number }[];
}

/** Looks a key up, and hashes the blobs of its result where that is due. What was made from a damaged one is dropped too. */
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
      // Looked at once more, without a pause before the removal: another action may have made it again meanwhile.
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

const blobsOf = ({ digest, files, siblings }: StoredOutput): readonly Blob[] => [
  { digest, files },
  ...siblings.map((sibling) => ({ digest: sibling.digest, files: [sibling.file] })),
];

const isSmall = ({ files }: Blob): boolean =>
  files.length <= SMALL_FILES && files.reduce((sum, { size }) => sum + size, 0) <= SMALL_BYTES;

/** Once an opening is often enough. */
function isDue(store: Store, blob: Blob): boolean {
  if (store.hashed.has(blob.digest)) return false;
  if (isSmall(blob)) return true;
  const written = lstatSync(store.blob(blob.digest), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const age = Date.now() - (readHashed(store).get(blob.digest) ?? written);
  // A time to come says nothing.
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

/** Drops a damaged blob and what was made from it, as `cache check` does. Safe while others work: they find no result. */
export function dropBlob(store: Store, digest: Digest): void {
  freePath(store.blob(digest));
  const results = listResults(store, () => {});
  for (const { key } of madeFrom(results, new Set([digest]))) removeTree(store.result(key));
}

const hashedPath = ({ root }: StorePaths): string => join(root, 'hashed.jsonl');

const sumOf = (digest: string, at: number): string => digestOf(`${digest} ${at}`).slice(0, 16);

/** When large blobs were hashed last, in ms; a damaged line costs hashing once more. */
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

/** Drops what is known of blobs that are gone. */
export function cutHashed(store: StorePaths): void {
  if (!lstatSync(hashedPath(store), { throwIfNoEntry: false })) return;
  const kept = [...readHashed(store)].filter(([digest]) => lstatSync(store.blob(digest), { throwIfNoEntry: false }));
  writeAtomic(
    hashedPath(store),
    kept.map(([digest, at]) => `${JSON.stringify([sumOf(digest, at), digest, at])}\n`).join(''),
  );
}
