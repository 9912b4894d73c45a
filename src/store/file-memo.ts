/** Remembers the digests of users' files by signature, so that a 2 GB archive is hashed once. */

import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { type Digest, notSupported } from '../files/digest.ts';
import { systemPath } from '../files/file-names.ts';
import { listBelow } from '../files/list-folder.ts';
import { type FileSnapshot, type Signature, snapshotOf } from '../files/signature.ts';
import { digestIfUnchanged, pause, stillWritten } from '../files/unchanging-file.ts';
import { type KnownFile, readKnownFiles, rememberFiles } from './known-files.ts';
import { digestOfSingleFile, digestOfTree, treeFile } from './tree.ts';

export interface FileMemo {
  /** Digest and signatures of a file or folder; undefined if there is none. Throws if it keeps changing. */
  digest(path: string): Promise<FileDigest | undefined>;
  /** Writes new digests to the journal. */
  save(): void;
}

export interface FileDigest {
  readonly digest: Digest;
  /**
   * While these signatures are the same, so is the digest. A folder has those of its files and of its subfolders, whose
   * times change with the names in them. Null if the file system may give the same signature to other content.
   */
  readonly signatures: readonly (readonly [path: string, signature: Signature | null])[];
}

/** A file that keeps changing is tried at least so often, and at least so long. */
const FEWEST_TRIES = 3;
const PATIENCE_MS = 1000;

/** `signal` stops hashing with an error. */
export function openFileMemo(path: string, signal?: AbortSignal): FileMemo {
  const memory: Memory = { known: readKnownFiles(path), hashed: [], signal };
  const underway = new Map<string, Promise<FileDigest | undefined>>();

  return {
    digest(file) {
      let result = underway.get(file);
      if (!result) {
        const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
        result = (isFolder ? digestFolder(memory, file) : digestFile(memory, file)).finally(() =>
          underway.delete(file),
        );
        underway.set(file, result);
      }
      return result;
    },
    save() {
      if (memory.hashed.length === 0) return;
      rememberFiles(path, memory.hashed);
      memory.hashed.length = 0;
    },
  };
}

interface Memory {
  readonly known: Map<Signature, Digest>;
  /** Files hashed since the last `save`. */
  readonly hashed: KnownFile[];
  readonly signal: AbortSignal | undefined;
}

interface HashedFile {
  readonly content: Digest;
  readonly executable: boolean;
  readonly signature: readonly [path: string, signature: Signature | null];
}

function remembered({ known }: Memory, file: string, snapshot: FileSnapshot | undefined): HashedFile | undefined {
  const content = snapshot?.proves ? known.get(snapshot.signature) : undefined;
  return snapshot && content && { content, executable: snapshot.executable, signature: [file, snapshot.signature] };
}

/** `earlier`: a snapshot so old that a change since then would have changed the signature. */
async function readContent(memory: Memory, file: string, earlier?: FileSnapshot): Promise<HashedFile | undefined> {
  const began = performance.now();
  for (let tries = 1; ; tries++) {
    const snapshot = snapshotOf(file);
    if (!snapshot) return undefined;
    const found = remembered(memory, file, snapshot);
    if (found) return found;
    const { signature, executable, proves, waitMs } = snapshot;
    // After the pause, any change gives another signature, so this signature stands for the content that is hashed.
    await pause(earlier?.signature === signature ? 0 : waitMs, memory.signal);
    const content = await digestIfUnchanged(file, signature, memory.signal);
    if (content !== undefined) {
      if (proves) {
        memory.known.set(signature, content);
        memory.hashed.push({ path: file, signature, digest: content });
      }
      return { content, executable, signature: [file, proves ? signature : null] };
    }
    if (tries >= FEWEST_TRIES && performance.now() - began > PATIENCE_MS) throw stillWritten(file);
  }
}

async function digestFile(memory: Memory, file: string): Promise<FileDigest | undefined> {
  const found = await readContent(memory, file);
  if (!found) return undefined;
  const { content: digest, executable, signature } = found;
  return { digest: digestOfSingleFile({ digest, executable }), signatures: [signature] };
}

async function digestFolder(memory: Memory, folder: string): Promise<FileDigest> {
  const { listing, earlier } = await settledListing(memory, folder);
  const { snapshots, folders, files, emptyFolders } = listing;
  const parts = [];
  const signatures: (readonly [string, Signature | null])[] = folders.map((path) => {
    const snapshot = snapshots.get(path);
    const isSettled = snapshot?.waitMs === 0 || earlier?.get(path)?.signature === snapshot?.signature;
    return [path, snapshot?.proves && isSettled ? snapshot.signature : null];
  });
  for (const relative of files) {
    const path = join(folder, relative);
    const found =
      remembered(memory, path, snapshots.get(path)) ?? (await readContent(memory, path, earlier?.get(path)));
    if (found) {
      parts.push(treeFile({ path: relative, digest: found.content, executable: found.executable }));
      signatures.push(found.signature);
    } else requireNoLink(path);
  }
  return { digest: digestOfTree({ files: parts, emptyFolders }), signatures };
}

type Snapshots = ReadonlyMap<string, FileSnapshot>;

interface Listing {
  readonly snapshots: Snapshots;
  readonly folders: readonly string[];
  readonly files: readonly string[];
  readonly emptyFolders: readonly string[];
}

/** Lists a folder; again after a pause if files changed just now. Then `earlier` has the snapshots before the pause. */
async function settledListing(
  memory: Memory,
  folder: string,
): Promise<{ readonly listing: Listing; readonly earlier?: Snapshots }> {
  const listing = await listUnchangingFolder(folder, memory.signal);
  const unread = [...listing.snapshots].filter(([path, snapshot]) => !remembered(memory, path, snapshot));
  const wait = unread.reduce((most, [, { waitMs }]) => Math.max(most, waitMs), 0);
  if (wait === 0) return { listing };
  // One pause for all files. Names are listed after it, and a later change of names changes the folder's signature.
  await pause(wait, memory.signal);
  return { listing: await listUnchangingFolder(folder, memory.signal), earlier: listing.snapshots };
}

/** Tries again if a subfolder is removed meanwhile. */
async function listUnchangingFolder(folder: string, signal?: AbortSignal): Promise<Listing> {
  for (let tries = 1; ; tries++) {
    try {
      return listFolder(folder);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      if (tries >= FEWEST_TRIES) throw stillWritten(folder);
      await pause(tries, signal);
    }
  }
}

/** A folder's files and folders, with a snapshot of each from before its content or its names were read. */
function listFolder(folder: string): Listing {
  const snapshots = new Map<string, FileSnapshot>();
  const folders: string[] = [];
  const addSnapshot = (path: string) => {
    const found = snapshotOf(path);
    if (found) snapshots.set(path, found);
  };
  const { files, emptyFolders, links, others } = listBelow(folder, (path) => {
    folders.push(path);
    addSnapshot(path);
  });
  // Pipes and devices are included: hashing refuses them with a message.
  const all = [...files, ...links, ...others];
  for (const file of all) addSnapshot(join(folder, file));
  return { snapshots, folders, files: all, emptyFolders };
}

/** For a path without a file: a file may have been removed meanwhile, but a dangling link is refused. */
function requireNoLink(path: string): void {
  if (!lstatSync(systemPath(path), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw notSupported(
    `${path} is a link to ${readlinkSync(systemPath(path))}, which is not there; mend or remove the link`,
  );
}
