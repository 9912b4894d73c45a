/** Blobs: content under its digest, read-only. */
import { chmodSync, existsSync, lstatSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, digestAt, digestOfFileSync, digestOfPairs, filesBelow } from './digest.ts';
import { freshen } from './freshen.ts';
import { inFolder, makeFolder } from './make-folder.ts';
import { isDamage } from './read-stored.ts';
import { removeTree } from './remove-tree.ts';
import { blobSignature, type Signature } from './signature.ts';
import { againIfStale } from './stale.ts';
import type { Store } from './store.ts';

/** One file of a blob as it was when it was stored; `path` is empty for a blob that is itself a file. */
export interface BlobFile {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly signature: Signature;
}

/**
 * Moves a finished file into the store. Its bytes must be on disk already (fsync). A blob that is there
 * and sound is kept as it is, so that what was recorded about it stays true; a damaged one is replaced.
 */
export function keepFile(store: Store, from: string, digest: Digest): BlobFile {
  const to = store.blob(digest);
  if (!isSound(to, digest)) {
    chmodSync(from, 0o444);
    inFolder(to, () => renameSync(from, to));
  }
  return describe(to, '', digest);
}

/** Whether `keepFile` would keep what is there: then the bytes of the other one need not be on disk. */
export const isKept = (store: Store, digest: Digest): boolean => isSound(store.blob(digest), digest);

/** The same for a folder, whose files have the given digests. */
export function keepFolder(
  store: Store,
  from: string,
  files: readonly { readonly path: string; readonly digest: Digest }[],
): { readonly digest: Digest; readonly files: readonly BlobFile[] } {
  const digest = digestOfPairs(files);
  const to = store.blob(digest);
  if (lstatSync(to, { throwIfNoEntry: false }) && !isSoundFolder(to, digest)) removeTree(to);
  // A folder that cannot be written to could be neither moved nor, later, removed.
  filesBelow(from, (folder) => chmodSync(folder, 0o755));
  for (const { path } of files) chmodSync(join(from, path), 0o444);
  makeFolder(dirname(to));
  try {
    renameSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process was first: the same digest, so the same content.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  return { digest, files: files.map(({ path, digest: own }) => describe(join(to, path), path, own)) };
}

/** The files of a blob that is there already, whatever it was kept for; undefined when there is none, or it is damaged. */
export async function storedFiles(
  store: Store,
  digest: Digest,
  files: readonly { readonly path: string; readonly digest: Digest }[],
): Promise<readonly BlobFile[] | undefined> {
  const blob = store.blob(digest);
  if (!existsSync(blob) || (await digestAt(blob)) !== digest) return undefined;
  return files.map(({ path, digest: own }) => describe(join(blob, path), path, own));
}

/**
 * Checks a stored file against its record: by signature, and where that differs, by content.
 * `changed` means sound, with a new signature to record.
 */
export function checkFile(store: Store, blob: Digest, file: BlobFile): 'sound' | 'damaged' | { changed: BlobFile } {
  const path = join(store.blob(blob), file.path);
  let signature = blobSignature(path);
  if (signature === file.signature) return 'sound';
  if (signature === undefined && !store.refusal) {
    // Another machine may have made it since this one looked last.
    freshen(dirname(store.blob(blob)));
    signature = blobSignature(path);
  }
  if (signature === undefined) return 'damaged';
  if (isSound(path, file.digest)) return { changed: { ...file, signature } };
  if (!store.refusal) removeTree(path);
  return 'damaged';
}

function describe(path: string, relative: string, digest: Digest): BlobFile {
  const signature = blobSignature(path);
  if (signature === undefined) throw new Error(`no blob at ${path}`);
  return { path: relative, digest, size: lstatSync(path).size, signature };
}

const isSound = (path: string, digest: Digest): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isFile() === true && digestIfReadable(path) === digest;

/** Undefined where the disk does not give its bytes back: then it is damaged. */
function digestIfReadable(path: string): Digest | undefined {
  try {
    return againIfStale(() => digestOfFileSync(path));
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

const isSoundFolder = (path: string, digest: Digest): boolean =>
  digestOfPairs(filesBelow(path).map((file) => ({ path: file, digest: digestOfFileSync(join(path, file)) }))) ===
  digest;
