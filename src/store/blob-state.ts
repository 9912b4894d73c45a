/** A blob as it looks at one moment, to find out later whether anybody touched it. */
import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { doubtOf, fileSystemOf, grainOf, proofOf } from '../files/file-system.ts';
import { blobSignatureOf, doubtOn, isExecutable, type Signature } from '../files/signature.ts';
import { type BlobFile, isSound } from './blob.ts';
import type { Store } from './open.ts';
import type { StoredOutput } from './result.ts';
import { digestOfOne } from './tree.ts';

interface EntryState {
  readonly isFolder: boolean;
  readonly executable: boolean;
  /** Changes with the content of a file, and with the names in a folder. */
  readonly signature: Signature;
  /** Changes with anything else too: nobody can set it back. */
  readonly ctimeNs: bigint;
  readonly links: bigint;
  /** For how long after its ctime a change could leave it looking the same; null for ever. */
  readonly doubtNs: bigint | null;
}

/** Every file and folder of a blob by its path in it; the blob itself is at the empty path. */
export type BlobState = ReadonlyMap<string, EntryState>;

export function stateOf(blob: string): BlobState {
  const state = new Map<string, EntryState>();
  const visit = (path: string, relative: string) => {
    const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (!found) {
      if (relative !== '') state.set(relative, NAMELESS);
      return;
    }
    state.set(relative, entryState(path, found));
    if (!found.isDirectory()) return;
    for (const name of readdirSync(path)) visit(`${path}/${name}`, relative === '' ? name : `${relative}/${name}`);
  };
  visit(blob, '');
  return state;
}

/** An entry whose name is not UTF-8, so that groundproof did not put it there, or one that is being removed now. */
const NAMELESS: EntryState = {
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

/** Files from this size on may be linked into `out/` at any time, which changes their ctime. */
const LINKED_FROM = 16 << 20;

/**
 * The first path of a blob that is not what was stored; undefined where all of it is. `publishedNs` is when its result
 * was published: a file that may have been touched since then is hashed, whatever its other times say.
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
  // Results from before folders were recorded name none.
  const stray = [...state].find(([path, { isFolder }]) => !known.has(path) && (folders || !isFolder));
  if (stray) return stray[0];
  const damaged = files.find((file) => {
    const found = state.get(file.path);
    if (!found || found.executable !== (file.executable === true)) return true;
    const isUntouched = publishedNs !== undefined && found.ctimeNs + grainOf(found.ctimeNs) < publishedNs;
    const isDoubtful = file.size < LINKED_FROM && !isUntouched;
    return (isDoubtful || found.signature !== file.signature) && !isSoundIn(store, digest, file);
  });
  return damaged?.path ?? folders?.find(({ path }) => !state.has(path))?.path;
}

/** A path that was changed between two moments, be it changed back since: rather a file than the folder that tells of it. */
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
    // A large blob is linked into `out/`, and out of it again, which changes its ctime alone.
    const mayBeLinked = was.links !== now.links || now.links > 1n;
    return !file || !mayBeLinked || !isSoundIn(store, output.digest, file);
  };
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(isChanged);
  return changed.find((path) => after.get(path)?.isFolder !== true) ?? changed[0];
}

/** How long (ms) to wait until a change of this file shows: 0 where it does already, for ever where it never does. */
export function doubtfulFor({ path }: BlobFile, state: BlobState): number {
  const found = state.get(path);
  if (!found) return 0;
  if (found.doubtNs === null) return Number.POSITIVE_INFINITY;
  const age = BigInt(Date.now()) * 1_000_000n - found.ctimeNs;
  return age < found.doubtNs ? Number(doubtOf(found.ctimeNs)) / 1e6 : 0;
}

export const isSoundIn = (store: Store, blob: StoredOutput['digest'], file: BlobFile): boolean =>
  isSound(
    file.path === '' ? store.blob(blob) : `${store.blob(blob)}/${file.path}`,
    digestOfOne(file.digest, file.executable === true),
  );
