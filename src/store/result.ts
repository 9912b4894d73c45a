import { dirname, join } from 'node:path';
import { readCheckedOfAnyAge, writeChecked, writeCheckedAsync } from '../files/checked-json.ts';
import type { Digest } from '../files/digest.ts';
import { isInside } from '../files/file-names.ts';
import { flushFolders } from '../files/flush.ts';
import { makeFolder } from '../files/make-folder.ts';
import { freshenShared } from '../files/nfs.ts';
import { type BlobFile, type BlobFolder, checkFile, checkFolder } from './blob.ts';
import type { Key, Preimage } from './key.ts';
import type { Store, StorePaths } from './layout.ts';
import { EMPTY_FOLDER } from './tree.ts';

/** Results: the outputs of an action, stored under its key together with the key's preimage. */

export interface StoredResult {
  readonly key: Key;
  readonly preimage: Preimage;
  /** Null for an optional output that was not written. */
  readonly outputs: { readonly [port: string]: StoredOutput | null };
  readonly headline: Headline | null;
  readonly log: readonly LogLine[];
  /** The action that made it, and when it started: for information, never compared. */
  readonly action: string;
  readonly started: string;
  readonly milliseconds: number;
  /** Peak of the process's resident memory in bytes; unknown for a shell step. */
  readonly peakMemory?: number;
}

export interface StoredOutput {
  readonly kind: 'file' | 'folder';
  /** The digest of the tree; for a plain file, the digest of its content. */
  readonly digest: Digest;
  readonly extension: string;
  /** A file output has a single file, with an empty path. */
  readonly files: readonly BlobFile[];
  /** All folders of a folder output, itself included. Missing in results of older versions. */
  readonly folders?: readonly BlobFolder[];
  readonly emptyFolders?: readonly string[];
  /** Files shown beside the output in `out/` (`.csv`, `.png`). They are not part of any key. */
  readonly siblings: readonly { readonly extension: string; readonly digest: Digest; readonly file: BlobFile }[];
}

/** The table that the terminal, diff and sweep show first: at most a screenful of text. */
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
  /** There was a result, but the blob of this port is missing or damaged. */
  | { readonly lost: string };

/** Looks up a key, and checks every blob of its result by signature. */
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

type CheckOutcome<T> = 'sound' | 'damaged' | { readonly changed: T };

function checkOutput(store: Store, output: StoredOutput): CheckOutcome<StoredOutput> {
  const { digest, files, folders, emptyFolders = [], siblings } = output;
  // A missing empty folder can simply be made again.
  if (digest === EMPTY_FOLDER && !store.refusal) makeFolder(store.blob(digest));
  // Folders first, so that no path to a file leads through a link.
  const checkedFolders = checkAll(folders ?? [], (folder) =>
    checkFolder(store, { digest, files, emptyFolders }, folder),
  );
  if (checkedFolders === 'damaged') return 'damaged';
  const checkedFiles = checkAll(files, (file) => checkFile(store, digest, file));
  if (checkedFiles === 'damaged') return 'damaged';
  const checkedSiblings = checkAll(siblings, (sibling) => {
    const checked = checkFile(store, sibling.digest, sibling.file);
    return typeof checked === 'object' ? { changed: { ...sibling, file: checked.changed } } : checked;
  });
  if (checkedSiblings === 'damaged') return 'damaged';
  if ([checkedFiles, checkedFolders, checkedSiblings].every((checked) => checked === 'sound')) return 'sound';
  const changed = {
    ...output,
    ...(typeof checkedFiles === 'object' && { files: checkedFiles.changed }),
    ...(typeof checkedFolders === 'object' && { folders: checkedFolders.changed }),
    ...(typeof checkedSiblings === 'object' && { siblings: checkedSiblings.changed }),
  };
  return { changed };
}

/** Stops at the first damaged item, because its blob has been removed. */
function checkAll<T>(items: readonly T[], check: (item: T) => CheckOutcome<T>): CheckOutcome<readonly T[]> {
  let changed: T[] | undefined;
  for (const [index, item] of items.entries()) {
    const checked = check(item);
    if (checked === 'damaged') return 'damaged';
    if (checked === 'sound') continue;
    changed ??= [...items];
    changed[index] = checked.changed;
  }
  return changed ? { changed } : 'sound';
}

/** Like `lookUp`, but sees results that other machines have just published. For the holder of the key's claim. */
export function lookUpAfresh(store: Store, key: Key): Lookup {
  freshenShared(dirname(store.result(key)));
  return lookUp(store, key);
}

/** Writes a result. Its blobs must be stored before, so that a visible result is complete. */
export const writeResult = (store: Store, result: StoredResult): void => writeChecked(store.result(result.key), result);

/** For an action that took less than this (ms), waiting for the disk would take longer than making the result again. */
export const BRIEF_MS = 100;

/**
 * Writes a result without blocking the event loop. The names of its blobs reach the disk before the result, so a power cut
 * never leaves a result without its blobs. The blobs of brief actions are flushed together at the end of the run: after a
 * power cut, a result with a missing blob does not count, and the action runs again.
 */
export function publishResult(store: Store, result: StoredResult): Promise<void> {
  const flushed = result.milliseconds < BRIEF_MS ? Promise.resolve() : flushFolders(blobFolders(store, result));
  return writeCheckedAsync(store.result(result.key), result, flushed);
}

/** The folders that contain a result's blobs, and the folders in its blobs. */
export const blobFolders = (store: Store, { outputs }: StoredResult): Set<string> =>
  new Set(Object.values(outputs).flatMap((output) => (output ? foldersWith(store, output) : [])));

function foldersWith(store: Store, { digest, siblings, folders = [] }: StoredOutput): string[] {
  const blob = store.blob(digest);
  const parents = [blob, ...siblings.map((sibling) => store.blob(sibling.digest))].map((path) => dirname(path));
  return [...parents, ...folders.map(({ path }) => join(blob, path))];
}

/** The preimage of an earlier key; undefined if its result is missing. */
export const readPreimage = (store: Store, key: Key): Preimage | undefined => readResult(store, key)?.preimage;

/** Reads a result without checking its blobs. Undefined if it is damaged: the action runs again and replaces it. */
export function readResult(store: Pick<StorePaths, 'result'>, key: Key): StoredResult | undefined {
  const result = readCheckedOfAnyAge<StoredResult>(store.result(key));
  return result?.key === key && staysInside(result) ? result : undefined;
}

const DIGEST = /^[0-9a-f]{64}$/;

/** Rejects forged results, whose paths lead out of the store or out of `out/`. */
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
