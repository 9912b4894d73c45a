import { dirname, join } from 'node:path';
import { readCheckedOfAnyAge, writeChecked, writeCheckedAsync } from '../files/checked-json.ts';
import type { Digest } from '../files/digest.ts';
import { isInside } from '../files/file-names.ts';
import { flushFolders } from '../files/flush.ts';
import { makeFolder } from '../files/make-folder.ts';
import { freshenShared } from '../files/nfs.ts';
import { type BlobFile, type BlobFolder, checkFile, checkFolder } from './blob.ts';
import type { Key, Preimage } from './key.ts';
import type { StorePaths } from './layout.ts';
import type { Store } from './open.ts';
import { EMPTY_FOLDER } from './tree.ts';

/** Results: what an action made, under its key, with the preimage of that key beside it. */

export interface StoredResult {
  readonly key: Key;
  readonly preimage: Preimage;
  /** Null for an optional output that was not written. */
  readonly outputs: { readonly [port: string]: StoredOutput | null };
  readonly headline: Headline | null;
  readonly log: readonly LogLine[];
  /** The action that made it and when: of use to a reader, never compared. */
  readonly action: string;
  readonly started: string;
  readonly milliseconds: number;
  /** Most memory (bytes resident) that the whole process took meanwhile; of a shell step not known. */
  readonly peakMemory?: number;
}

export interface StoredOutput {
  readonly kind: 'file' | 'folder';
  /** Of the tree: of a plain file that is the digest of its content. */
  readonly digest: Digest;
  readonly extension: string;
  /** Of a file output: that file, with an empty path. */
  readonly files: readonly BlobFile[];
  /** Of a folder: all its folders, itself included. Results from before folders were recorded have none. */
  readonly folders?: readonly BlobFolder[];
  readonly emptyFolders?: readonly string[];
  /** What stands beside it in `out/` (`.csv`, `.png`) and never enters a key. */
  readonly siblings: readonly { readonly extension: string; readonly digest: Digest; readonly file: BlobFile }[];
}

/** The table that terminal, diff and sweep show first: at most a screenful, as text. */
export interface Headline {
  readonly port: string;
  readonly column: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface LogLine {
  readonly level: 'info' | 'notice' | 'warning';
  readonly message: string;
}

export type Lookup =
  | { readonly found: StoredResult }
  | { readonly missing: true }
  /** There was a result, but a blob of it is gone or wrong. */
  | { readonly lost: string };

/** Looks a key up, and checks every blob of its result. */
export function lookUp(store: Store, key: Key): Lookup {
  const stored = readResult(store, key);
  if (!stored) return { missing: true };
  let repaired: StoredResult | undefined;
  for (const [port, output] of Object.entries(stored.outputs)) {
    if (!output) continue;
    const checked = checkOutput(store, output);
    if (checked === 'damaged') return { lost: port };
    if (checked === 'sound') continue;
    repaired = { ...(repaired ?? stored), outputs: { ...(repaired ?? stored).outputs, [port]: checked.changed } };
  }
  if (repaired && !store.refusal) writeResult(store, repaired);
  return { found: repaired ?? stored };
}

type Checked<T> = 'sound' | 'damaged' | { readonly changed: T };

function checkOutput(store: Store, output: StoredOutput): Checked<StoredOutput> {
  const { digest, files, folders, emptyFolders = [], siblings } = output;
  // No file tells that an empty folder is gone, and a new one is as good.
  if (digest === EMPTY_FOLDER && !store.refusal) makeFolder(store.blob(digest));
  // Folders first: none of the paths to files then goes through a link.
  const folder = checkAll(folders ?? [], (one) => checkFolder(store, { digest, files, emptyFolders }, one));
  if (folder === 'damaged') return 'damaged';
  const file = checkAll(files, (one) => checkFile(store, digest, one));
  if (file === 'damaged') return 'damaged';
  const sibling = checkAll(siblings, (one) => {
    const checked = checkFile(store, one.digest, one.file);
    return typeof checked === 'object' ? { changed: { ...one, file: checked.changed } } : checked;
  });
  if (sibling === 'damaged') return 'damaged';
  if ([file, folder, sibling].every((one) => one === 'sound')) return 'sound';
  const changed = {
    ...output,
    ...(typeof file === 'object' && { files: file.changed }),
    ...(typeof folder === 'object' && { folders: folder.changed }),
    ...(typeof sibling === 'object' && { siblings: sibling.changed }),
  };
  return { changed };
}

/** Until one is damaged: the blob is removed then. */
function checkAll<T>(all: readonly T[], check: (one: T) => Checked<T>): Checked<readonly T[]> {
  let changed: T[] | undefined;
  for (const [index, one] of all.entries()) {
    const checked = check(one);
    if (checked === 'damaged') return 'damaged';
    if (checked === 'sound') continue;
    changed ??= [...all];
    changed[index] = checked.changed;
  }
  return changed ? { changed } : 'sound';
}

/** The same for who holds the key's claim: a result that any machine has published is seen. */
export function lookUpAfresh(store: Store, key: Key): Lookup {
  freshenShared(dirname(store.result(key)));
  return lookUp(store, key);
}

/** Published last, after all its blobs: whoever sees it sees them. */
export const writeResult = (store: Store, result: StoredResult): void => writeChecked(store.result(result.key), result);

/** An action that took less than this (ms) is cheap to make again, and waiting for the disk would take longer than it did. */
export const BRIEF_MS = 100;

/**
 * The same, without making other actions wait for the disk. The names of its blobs are on disk before its own is, so a
 * machine that loses its power never has a result without its blobs. Those of brief actions are flushed together when the
 * run ends: a result whose blob is gone does not count, and the action runs again.
 */
export function publishResult(store: Store, result: StoredResult): Promise<void> {
  const rests = result.milliseconds < BRIEF_MS ? Promise.resolve() : flushFolders(blobFolders(store, result));
  return writeCheckedAsync(store.result(result.key), result, rests);
}

/** The folders that hold a result's blobs, and those in its blobs. */
export const blobFolders = (store: Store, { outputs }: StoredResult): Set<string> =>
  new Set(Object.values(outputs).flatMap((output) => (output ? foldersWith(store, output) : [])));

function foldersWith(store: Store, { digest, siblings, folders = [] }: StoredOutput): string[] {
  const blob = store.blob(digest);
  const around = [blob, ...siblings.map((sibling) => store.blob(sibling.digest))].map((path) => dirname(path));
  return [...around, ...folders.map(({ path }) => join(blob, path))];
}

/** The preimage of an earlier key, to compare with; undefined when it is gone. */
export const readPreimage = (store: Store, key: Key): Preimage | undefined => readResult(store, key)?.preimage;

/** The result as it was written, its blobs unchecked. A truncated or damaged record is none: the action runs again and replaces it. */
export function readResult(store: Pick<StorePaths, 'result'>, key: Key): StoredResult | undefined {
  const result = readCheckedOfAnyAge<StoredResult>(store.result(key));
  return result?.key === key && staysInside(result) ? result : undefined;
}

const DIGEST = /^[0-9a-f]{64}$/;

/** A record says where files come from and go: one that points out of the store or out of `out/` was forged. */
function staysInside({ outputs }: StoredResult): boolean {
  return Object.entries(outputs).every(([port, output]) => {
    if (output === null) return true;
    const { digest, extension, files, folders = [], emptyFolders = [], siblings } = output;
    return (
      DIGEST.test(digest) &&
      isInside(port + extension) &&
      [...files, ...folders].every(({ path }) => isInside(path)) &&
      emptyFolders.every(isInside) &&
      siblings.every((sibling) => DIGEST.test(sibling.digest) && isInside(port + sibling.extension))
    );
  });
}
