/** Snapshots of blobs, to find out later whether a blob was touched. */
import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { doubtOf, fileSystemOf, grainOf, proofOf } from '../files/file-system.ts';
import { blobSignatureOf, doubtOn, isExecutable, type Signature } from '../files/signature.ts';
import { type BlobFile, isSound } from './blob.ts';
import type { Store } from './layout.ts';
import type { StoredOutput } from './result.ts';
import { digestOfSingleFile } from './tree.ts';

interface EntryState {
  readonly isFolder: boolean;
  readonly executable: boolean;
  /** Changes with the content of a file, and with the names in a folder. */
  readonly signature: Signature;
  /** Changes with any change of the file or folder, and no program can set it. */
  readonly ctimeNs: bigint;
  readonly links: bigint;
  /** How long (ns) after ctime a change may leave the entry looking the same; null: always. */
  readonly doubtNs: bigint | null;
}

/** Every file and folder of a blob by its path; the blob itself has the empty path. */
export type BlobState = ReadonlyMap<string, EntryState>;

export function readBlobState(blob: string): BlobState {
  const state = new Map<string, EntryState>();
  const visit = (path: string, relative: string) => {
    const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (!found) {
      if (relative !== '') state.set(relative, UNREADABLE);
      return;
    }
    state.set(relative, entryState(path, found));
    if (!found.isDirectory()) return;
    for (const name of readdirSync(path)) visit(`${path}/${name}`, relative === '' ? name : `${relative}/${name}`);
  };
  visit(blob, '');
  return state;
}

/** An entry that has just been removed, or whose name is not UTF-8, so that groundproof did not make it. */
const UNREADABLE: EntryState = {
  isFolder: false,
  executable: false,
  signature: '' as Signature,
  ctimeNs: 0n,
  links: 0n,
  doubtNs: 0n,
};

function entryState(path: string, found: BigIntStats): EntryState {
  const on = fileSystemOf(found.dev, path);
  return {
    isFolder: found.isDirectory(),
    executable: isExecutable(found),
    signature: blobSignatureOf(found),
    ctimeNs: found.ctimeNs,
    links: found.nlink,
    doubtNs: proofOf(found.ctimeNs, on) === 'nothing' ? null : doubtOn(on, found.ctimeNs),
  };
}

/** Files of at least this size (bytes) may be linked into `out/` at any time, which changes their ctime. */
const LINKED_FROM = 16 << 20;

/**
 * The first path of a blob that differs from its result; undefined if there is none. `publishedNs` is when the result was
 * published: a file that may have been touched after that is hashed, even if its signature is the same.
 */
export function damagedPath(
  store: Store,
  output: StoredOutput,
  state: BlobState,
  publishedNs: bigint | undefined,
): string | undefined {
  const { kind, digest, files, folders } = output;
  if (state.get('')?.isFolder !== (kind === 'folder')) return '';
  const known = new Set([...files, ...(folders ?? [])].map(({ path }) => path));
  // Results of older versions do not list folders.
  const stray = [...state].find(([path, { isFolder }]) => !known.has(path) && (folders || !isFolder));
  if (stray) return stray[0];
  const damaged = files.find((file) => {
    const found = state.get(file.path);
    if (!found || found.executable !== (file.executable === true)) return true;
    const isUntouched = publishedNs !== undefined && found.ctimeNs + grainOf(found.ctimeNs) < publishedNs;
    const isDoubtful = file.size < LINKED_FROM && !isUntouched;
    return (isDoubtful || found.signature !== file.signature) && !isStoredFileSound(store, digest, file);
  });
  return damaged?.path ?? folders?.find(({ path }) => !state.has(path))?.path;
}

/** A path that changed between two snapshots, even if it was changed back; a file in preference to its folder. */
export function changedPath(
  store: Store,
  output: StoredOutput,
  before: BlobState,
  after: BlobState,
): string | undefined {
  const byPath = new Map(output.files.map((file) => [file.path, file]));
  const isChanged = (path: string): boolean => {
    const [was, now] = [before.get(path), after.get(path)];
    if (!was || !now || was.signature !== now.signature) return true;
    if (was.ctimeNs === now.ctimeNs && was.links === now.links) return false;
    const file = byPath.get(path);
    // A large blob may be linked into `out/`, or its link removed, which changes only its ctime.
    const mayBeLinked = was.links !== now.links || now.links > 1n;
    return !file || !mayBeLinked || !isStoredFileSound(store, output.digest, file);
  };
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(isChanged);
  return changed.find((path) => after.get(path)?.isFolder !== true) ?? changed[0];
}

/** How long (ms) to wait until a change of this file would show: 0 if it would now, infinite if it never would. */
export function doubtMs({ path }: BlobFile, state: BlobState): number {
  const found = state.get(path);
  if (!found) return 0;
  if (found.doubtNs === null) return Number.POSITIVE_INFINITY;
  const age = BigInt(Date.now()) * 1_000_000n - found.ctimeNs;
  return age < found.doubtNs ? Number(doubtOf(found.ctimeNs)) / 1e6 : 0;
}

export const isStoredFileSound = (store: Store, blob: StoredOutput['digest'], file: BlobFile): boolean =>
  isSound(file.path === '' ? store.blob(blob) : `${store.blob(blob)}/${file.path}`, digestOfSingleFile(file));
