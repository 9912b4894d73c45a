/** Blobs: content under its digest, read-only. */
import { chmodSync, lstatSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Digest } from './digest.ts';
import { freshen } from './freshen.ts';
import { inFolder, makeFolder } from './make-folder.ts';
import { isDamage } from './read-stored.ts';
import { digestAt, digestAtSync } from './read-tree.ts';
import { removeTree } from './remove-tree.ts';
import { blobSignature, type Signature } from './signature.ts';
import { againIfStale } from './stale.ts';
import type { Store } from './store.ts';
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
const modeOf = ({ executable }: Pick<TreeFile, 'executable'>): number =>
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
  if (!isSound(to, own)) {
    chmodSync(from, executable ? READ_ONLY_EXECUTABLE : READ_ONLY);
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
  if (lstatSync(to, { throwIfNoEntry: false }) && !isSound(to, digest)) removeTree(to);
  for (const file of files) chmodSync(join(from, file.path), modeOf(file));
  // A folder that cannot be written to cannot be moved.
  const [, ...inner] = foldersOf(tree);
  chmodSync(from, 0o755);
  for (const path of inner) chmodSync(join(from, path), READ_ONLY_EXECUTABLE);
  makeFolder(dirname(to));
  try {
    renameSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process was first: the same digest, so the same content.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  chmodSync(to, READ_ONLY_EXECUTABLE);
  return describeFolder(to, digest, tree);
}

/** A blob that is there already, whatever it was kept for; undefined when there is none, or it is damaged. */
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
  if (isSound(path, digestOfOne(file.digest, file.executable === true))) return { changed: { ...file, signature } };
  if (!store.refusal) removeTree(path);
  return 'damaged';
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
  if (signature === undefined) return 'damaged';
  const expected = namesIn(blob, folder.path);
  const names = lstatSync(path).isDirectory() ? readdirSync(path) : [null];
  if (names.length === expected.size && names.every((name) => name !== null && expected.has(name))) {
    return { changed: { ...folder, signature } };
  }
  if (!store.refusal) removeTree(path);
  return 'damaged';
}

const describe = (path: string, file: TreeFile): BlobFile => ({
  ...treeFile(file.path, file.digest, file.executable === true),
  size: lstatSync(path).size,
  signature: signatureAt(path),
});

const describeFolder = (blob: string, digest: Digest, tree: Tree): FolderBlob => ({
  digest,
  files: tree.files.map((file) => describe(join(blob, file.path), file)),
  folders: foldersOf(tree).map((path) => ({ path, signature: signatureAt(join(blob, path)) })),
  emptyFolders: tree.emptyFolders,
});

function signatureAt(path: string): Signature {
  const signature = blobSignature(path);
  if (signature === undefined) throw new Error(`no blob at ${path}`);
  return signature;
}

export const isSound = (path: string, digest: Digest): boolean =>
  lstatSync(path, { throwIfNoEntry: false }) !== undefined && digestIfReadable(path) === digest;

/** Null also where the disk does not give the bytes back: then the blob is damaged. */
function digestIfReadable(path: string): Digest | null {
  try {
    return againIfStale(() => digestAtSync(path));
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}
