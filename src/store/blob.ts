/** Blobs: read-only files and folders, stored under the digest of their content. */

import { chmodSync, lstatSync, readdirSync, renameSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { type Digest, notSupported } from '../files/digest.ts';
import { inFolder, makeFolder } from '../files/make-folder.ts';
import { freshen, retryIfStale } from '../files/nfs.ts';
import { isDamage } from '../files/read-file.ts';
import { requireRealFolders } from '../files/real-folders.ts';
import { freePath } from '../files/remove.ts';
import { type BlobSnapshot, blobSignature, blobSnapshot, type Signature } from '../files/signature.ts';
import type { Store } from './layout.ts';
import { digestAt, digestAtSync } from './read-tree.ts';
import {
  digestOfSingleFile,
  digestOfTree,
  type FileContent,
  foldersOf,
  namesIn,
  type Tree,
  type TreeFile,
  treeFile,
} from './tree.ts';

/** A file of a blob as it was stored; `path` is empty if the blob is itself a file. */
export interface BlobFile extends TreeFile {
  readonly size: number;
  readonly signature: Signature;
}

/** A folder of a blob, or the blob itself (an empty path). Its signature changes when an entry is added or removed. */
export interface BlobFolder {
  readonly path: string;
  readonly signature: Signature;
}

export interface FolderBlob {
  readonly digest: Digest;
  readonly files: readonly BlobFile[];
  readonly folders: readonly BlobFolder[];
  readonly emptyFolders: readonly string[];
}

const READ_ONLY = 0o444;
const READ_ONLY_EXECUTABLE = 0o555;

/** The mode of a stored file. */
export const storedMode = ({ executable }: Pick<TreeFile, 'executable'>): number =>
  executable ? READ_ONLY_EXECUTABLE : READ_ONLY;

/**
 * Moves a finished file into the store. Its bytes must be on disk already (fsync). If the blob is already stored and
 * sound, it stays as it is, so that its recorded signatures stay true. A damaged blob is replaced.
 */
export function storeFile(
  store: Store,
  from: string,
  digest: Digest,
  { executable = false }: { readonly executable?: boolean } = {},
): BlobFile {
  const file = treeFile({ path: '', digest, executable });
  const blob = digestOfSingleFile(file);
  const to = store.blob(blob);
  requireRealFolders(to);
  if (!isSound(to, blob)) {
    setFileMode(from, file);
    if (lstatSync(to, { throwIfNoEntry: false })?.isDirectory()) freePath(to);
    inFolder(to, () => renameSync(from, to));
  }
  return describe(to, file);
}

/** Whether a sound blob is already stored. Then `storeFile` leaves it, and the new file's bytes need not be on disk. */
export function isStored(store: Store, file: FileContent): boolean {
  const blob = digestOfSingleFile(file);
  return isSound(store.blob(blob), blob);
}

/** Moves a finished folder with this tree into the store, like `storeFile`. */
export function storeFolder(
  store: Store,
  from: string,
  files: readonly TreeFile[],
  emptyFolders: readonly string[] = [],
): FolderBlob {
  const tree = { files, emptyFolders };
  const digest = digestOfTree(tree);
  const to = store.blob(digest);
  requireRealFolders(to);
  if (lstatSync(to, { throwIfNoEntry: false }) && !isSound(to, digest)) freePath(to);
  for (const file of files) setFileMode(join(from, file.path), file);
  const [, ...inner] = foldersOf(tree);
  for (const path of inner) setFolderMode(join(from, path), READ_ONLY_EXECUTABLE);
  // A read-only folder cannot be moved.
  setFolderMode(from, 0o755);
  makeFolder(dirname(to));
  try {
    renameSync(from, to);
  } catch (error) {
    const code = errorCode(error);
    // Another process was first. Its blob has the same digest, so the same content.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  setFolderMode(to, READ_ONLY_EXECUTABLE);
  return describeFolder(to, digest, tree);
}

function setFileMode(path: string, file: TreeFile): void {
  setMode(path, storedMode(file), (found) => found.isFile());
}

function setFolderMode(path: string, mode: number): void {
  setMode(path, mode, (found) => found.isDirectory());
}

/** Never changes a mode through a link, because the target is not the store's. */
function setMode(path: string, mode: number, isExpected: (found: Stats) => boolean): void {
  const found = lstatSync(path);
  if (!isExpected(found)) throw notSupported(`${path} was replaced while it was stored; run again`);
  if ((found.mode & 0o777) !== mode) chmodSync(path, mode);
}

/** Finds the blob of a file, which another action may have made. Undefined if it is missing or damaged. */
export async function findStoredFile(store: Store, file: TreeFile): Promise<BlobFile | undefined> {
  const digest = digestOfSingleFile(file);
  const blob = store.blob(digest);
  return (await isSoundBlob(blob, digest)) ? describe(blob, file) : undefined;
}

/** Finds the blob of a folder, like `findStoredFile`. */
export async function findStoredFolder(store: Store, tree: Tree): Promise<FolderBlob | undefined> {
  const digest = digestOfTree(tree);
  const blob = store.blob(digest);
  return (await isSoundBlob(blob, digest)) ? describeFolder(blob, digest, tree) : undefined;
}

const isSoundBlob = async (blob: string, digest: Digest): Promise<boolean> =>
  lstatSync(blob, { throwIfNoEntry: false }) !== undefined && (await digestAt(blob)) === digest;

/**
 * Checks a stored file by signature, and if that differs, by content. `changed`: the content is right, and the new
 * signature should be recorded. Removes the whole blob if it is damaged.
 */
export function checkFile(store: Store, blob: Digest, file: BlobFile): 'sound' | 'damaged' | { changed: BlobFile } {
  const path = join(store.blob(blob), file.path);
  let found = blobSnapshot(path);
  if (found === undefined && !store.refusal) {
    // Another machine may have made it since this machine listed the folder.
    freshen(dirname(store.blob(blob)));
    found = blobSnapshot(path);
  }
  if (found && found.executable !== (file.executable === true) && !isModeMended(store, path, found, file)) {
    return damaged(store, blob);
  }
  if (found?.signature === file.signature) return 'sound';
  if (!found || !isSound(path, digestOfSingleFile(file))) return damaged(store, blob);
  return { changed: { ...file, signature: found.signature } };
}

/** Corrects the mode of a file without other hard links. Copying a store, or `chmod -R`, changes the modes of all files. */
function isModeMended(store: Store, path: string, { isFile, links }: BlobSnapshot, file: TreeFile): boolean {
  if (!isFile || links > 1 || store.refusal) return false;
  setFileMode(path, file);
  return true;
}

/** Checks a folder of a blob by signature, and if that differs, by the names in it. Otherwise like `checkFile`. */
export function checkFolder(
  store: Store,
  blob: Tree & { readonly digest: Digest },
  folder: BlobFolder,
): 'sound' | 'damaged' | { changed: BlobFolder } {
  const path = join(store.blob(blob.digest), folder.path);
  const signature = blobSignature(path);
  if (signature === folder.signature) return 'sound';
  const names = lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(path) : undefined;
  const expected = namesIn(blob, folder.path);
  const isSame = names?.length === expected.size && names.every((name) => expected.has(name));
  return isSame && signature ? { changed: { ...folder, signature } } : damaged(store, blob.digest);
}

/** Removes a damaged blob. If a link has taken its place, removes the link and leaves the target. */
function damaged(store: Store, blob: Digest): 'damaged' {
  const path = store.blob(blob);
  if (store.refusal) return 'damaged';
  requireRealFolders(path);
  freePath(path);
  return 'damaged';
}

function describe(path: string, file: TreeFile): BlobFile {
  const { size, signature } = storedSnapshot(path);
  return { ...treeFile(file), size, signature };
}

const describeFolder = (blob: string, digest: Digest, tree: Tree): FolderBlob => ({
  digest,
  files: tree.files.map((file) => describe(join(blob, file.path), file)),
  folders: foldersOf(tree).map((path) => ({ path, signature: storedSnapshot(join(blob, path)).signature })),
  emptyFolders: tree.emptyFolders,
});

function storedSnapshot(path: string): BlobSnapshot {
  const state = blobSnapshot(path);
  if (state === undefined) throw new Error(`no blob at ${path}`);
  return state;
}

export const isSound = (path: string, digest: Digest): boolean =>
  lstatSync(path, { throwIfNoEntry: false }) !== undefined && digestIfReadable(path) === digest;

/** Null if the disk cannot read the bytes: then the blob is damaged. */
function digestIfReadable(path: string): Digest | null {
  try {
    return retryIfStale(() => digestAtSync(path));
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}
