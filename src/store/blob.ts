/** Blobs: content under its digest, read-only. */

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
import type { Store } from './open.ts';
import { digestAt, digestAtSync } from './read-tree.ts';
import { digestOfOne, digestOfTree, foldersOf, namesIn, type Tree, type TreeFile, treeFile } from './tree.ts';

/** One file of a blob as it was when it was stored; `path` is empty for a blob that is itself a file. */
export interface BlobFile extends TreeFile {
  readonly size: number;
  readonly signature: Signature;
}

/** One folder of a blob, the blob itself (an empty path) included: its times tell when a name came or went. */
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
 * Moves a finished file into the store. Its bytes must be on disk already (fsync). A blob that is there
 * and sound is kept as it is, so that what was recorded about it stays true; a damaged one is replaced.
 */
export function keepFile(
  store: Store,
  from: string,
  digest: Digest,
  { executable = false }: { readonly executable?: boolean } = {},
): BlobFile {
  const own = digestOfOne(digest, executable);
  const to = store.blob(own);
  requireRealFolders(to);
  if (!isSound(to, own)) {
    setFileMode(from, treeFile('', digest, executable));
    if (lstatSync(to, { throwIfNoEntry: false })?.isDirectory()) freePath(to);
    inFolder(to, () => renameSync(from, to));
  }
  return describe(to, treeFile('', digest, executable));
}

/** Whether `keepFile` would keep what is there: then the bytes of the other one need not be on disk. */
export function isKept(store: Store, { digest, executable }: Pick<TreeFile, 'digest' | 'executable'>): boolean {
  const own = digestOfOne(digest, executable === true);
  return isSound(store.blob(own), own);
}

/** The same for a folder that holds this tree. */
export function keepFolder(
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
  // A folder that cannot be written to cannot be moved.
  setFolderMode(from, 0o755);
  makeFolder(dirname(to));
  try {
    renameSync(from, to);
  } catch (error) {
    const code = errorCode(error);
    // Another process was first: the same digest, so the same content.
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

/** Modes are never changed through a link: what it leads to is somebody else's. */
function setMode(path: string, mode: number, isExpected: (found: Stats) => boolean): void {
  const found = lstatSync(path);
  if (!isExpected(found)) throw notSupported(`${path} was replaced while it was stored; run again`);
  if ((found.mode & 0o777) !== mode) chmodSync(path, mode);
}

/** Finds a sound blob, also one that another action made. Undefined if it is missing or damaged. */
export async function storedFile(store: Store, file: TreeFile): Promise<BlobFile | undefined> {
  const own = digestOfOne(file.digest, file.executable === true);
  const blob = store.blob(own);
  return (await isThere(blob, own)) ? describe(blob, file) : undefined;
}

/** The same for a folder. */
export async function storedFolder(store: Store, tree: Tree): Promise<FolderBlob | undefined> {
  const digest = digestOfTree(tree);
  const blob = store.blob(digest);
  return (await isThere(blob, digest)) ? describeFolder(blob, digest, tree) : undefined;
}

const isThere = async (blob: string, digest: Digest): Promise<boolean> =>
  lstatSync(blob, { throwIfNoEntry: false }) !== undefined && (await digestAt(blob)) === digest;

/**
 * Checks a stored file against its record: by signature, and where that differs, by content.
 * `changed` means sound, with a new signature to record. A blob that is damaged is removed whole.
 */
export function checkFile(store: Store, blob: Digest, file: BlobFile): 'sound' | 'damaged' | { changed: BlobFile } {
  const path = join(store.blob(blob), file.path);
  let found = blobSnapshot(path);
  if (found === undefined && !store.refusal) {
    // Another machine may have made it since this one looked last.
    freshen(dirname(store.blob(blob)));
    found = blobSnapshot(path);
  }
  const executable = file.executable === true;
  if (found && found.executable !== executable && !isModeMended(store, path, found, file)) {
    return damaged(store, blob);
  }
  if (found?.signature === file.signature) return 'sound';
  if (!found || !isSound(path, digestOfOne(file.digest, executable))) return damaged(store, blob);
  return { changed: { ...file, signature: found.signature } };
}

/** A mode alone is put right where nothing else shares the file: a copy or `chmod -R` of a store changes them all. */
function isModeMended(store: Store, path: string, { isFile, links }: BlobSnapshot, file: TreeFile): boolean {
  if (!isFile || links > 1 || store.refusal) return false;
  setFileMode(path, file);
  return true;
}

/** The same for a folder of a blob: by signature, and where that differs, by the names in it. */
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

/** A link in its place is removed, and what it leads to stays. */
function damaged(store: Store, blob: Digest): 'damaged' {
  const path = store.blob(blob);
  if (store.refusal) return 'damaged';
  requireRealFolders(path);
  freePath(path);
  return 'damaged';
}

function describe(path: string, file: TreeFile): BlobFile {
  const { size, signature } = storedSnapshot(path);
  return { ...treeFile(file.path, file.digest, file.executable === true), size, signature };
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

/** Null also where the disk does not give the bytes back: then the blob is damaged. */
function digestIfReadable(path: string): Digest | null {
  try {
    return retryIfStale(() => digestAtSync(path));
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}
