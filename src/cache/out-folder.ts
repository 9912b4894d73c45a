/**
 * `out/`: what people look at. A copy of results that can be deleted and is restored without running
 * anything. Its manifest lists every file that groundwork put there; only listed files are ever removed.
 */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { RunFailure } from '../failure.ts';
import { err, ok, type Result } from '../result.ts';
import type { BlobFile } from './blob.ts';
import type { Digest } from './digest.ts';
import { isInside } from './inside.ts';
import { appendToJournal, readJournal } from './journal.ts';
import { makeFolder } from './make-folder.ts';
import { isAlive } from './process-identity.ts';
import { removeFile } from './remove-file.ts';
import { blobSignature, type Signature } from './signature.ts';
import { withSoleUse } from './sole-use.ts';
import type { Store } from './store.ts';
import type { StoredResult } from './stored-result.ts';
import { writeAside } from './write-aside.ts';

export interface OutFolder {
  /** Makes an action's files be there, as its result says, and removes listed ones that are not part of it. */
  show(place: Place, result: StoredResult): Result<void, RunFailure>;
  /** Removes an action's listed files. */
  clear(place: Place): void;
  /** Signatures of all files of an action, to find out later that nothing changed. */
  signatures(place: Place): readonly (readonly [path: string, signature: Signature])[];
  close(): void;
}

/** Shows nothing. */
export const NOWHERE: OutFolder = {
  show: () => ok(undefined),
  clear() {},
  signatures: () => [],
  close() {},
};

/** Where an action's files go. */
export interface Place {
  readonly step: string;
  readonly recording: string | null;
}

interface Listed {
  readonly digest: Digest;
  /** Null while the file is being made. */
  readonly signature: Signature | null;
}

type Files = { readonly [path: string]: Listed };

const MANIFEST = '.groundwork-out.jsonl';
/** Larger files are linked to the blob, not copied. */
const COPY_BELOW = 16 << 20;

export function openOutFolder(path: string, store: Store): Result<OutFolder, RunFailure> {
  const manifest = join(path, MANIFEST);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return err({ reason: 'out-refused', path });
  makeFolder(path);
  // The manifest is looked for last: another process may be making it.
  if (readdirSync(path).length > 0 && !existsSync(manifest)) return err({ reason: 'out-refused', path });
  closeSync(openSync(manifest, 'a'));

  let listed = new Map<string, Files>();
  /** Reads the manifest, and again when another process may have listed files meanwhile. Returns its length. */
  const load = (): number => {
    const entries = readJournal(manifest).filter(isEntry);
    listed = new Map();
    for (const [place, files] of entries) {
      if (Object.keys(files).length === 0) listed.delete(place);
      else listed.set(place, files);
    }
    return entries.length;
  };
  /** Of the manifest, as far as this process knows. */
  let entries = load();
  const isListed = (file: string) => [...listed.values()].some((files) => Object.hasOwn(files, file));
  const record = (place: string, files: Files) => {
    listed.set(place, files);
    appendToJournal(manifest, [[place, files]]);
    entries++;
  };
  const remove = (files: Iterable<string>) => {
    for (const file of files) {
      removeListed(join(path, file));
      removeEmptyFolders(path, dirname(join(path, file)));
    }
  };

  /** What is not ours and stands where a file should go, or where a folder on the way to it should be. */
  const inTheWay = (file: string): string | undefined => {
    const parts = file.split(sep);
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = join(path, ...parts.slice(0, depth));
      if (!lstatSync(folder, { throwIfNoEntry: false })) return undefined;
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
    }
    const found = lstatSync(join(path, file), { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!isListed(file)) load();
    return isListed(file) && !found.isDirectory() ? undefined : join(path, file);
  };

  return ok({
    show(place, result) {
      const name = nameOf(place);
      const wanted = filesOf(store, place, result);
      const before = listed.get(name) ?? {};
      const stale = Object.keys(before).filter((file) => !wanted.has(file) && !isAnothersAside(file));
      const missing = [...wanted].filter(([file, { blob }]) => {
        const was = before[file];
        return !was || was.digest !== blob.digest || was.signature !== blobSignature(join(path, file));
      });
      if (stale.length === 0 && missing.length === 0) return ok(undefined);
      remove(stale);
      for (const [file] of missing) {
        const obstacle = inTheWay(file);
        if (obstacle !== undefined) return err({ reason: 'out-in-the-way', path: obstacle });
      }
      // Listed before they are made: after a kill they are known to be ours.
      const making = Object.fromEntries(
        missing.flatMap(([file, { blob }]) =>
          [file, asideOf(file)].map((made) => [made, { digest: blob.digest, signature: null }]),
        ),
      );
      const stays = Object.fromEntries(Object.entries(before).filter(([file]) => wanted.has(file)));
      record(name, { ...stays, ...making });
      for (const [file, { from, blob }] of missing) putFile(from, join(path, file), blob);
      for (const folder of emptyFoldersOf(place, result)) makeFolder(join(path, folder));
      record(
        name,
        Object.fromEntries(
          [...wanted].map(([file, { blob }]) => [
            file,
            { digest: blob.digest, signature: blobSignature(join(path, file)) ?? null },
          ]),
        ),
      );
      return ok(undefined);
    },
    clear(place) {
      const name = nameOf(place);
      const files = listed.get(name);
      if (!files) return;
      remove(Object.keys(files));
      record(name, {});
      listed.delete(name);
    },
    signatures: (place) =>
      Object.entries(listed.get(nameOf(place)) ?? {}).flatMap(([file, { signature }]) =>
        signature === null ? [] : [[join(path, file), signature] as const],
      ),
    close() {
      const isShort = () => entries < 2 * listed.size + 100;
      if (isShort()) return;
      // What another run listed between the reading and the replacing would be nobody's.
      withSoleUse(store, () => {
        entries = load();
        if (isShort()) return;
        writeAside(manifest, [...listed].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      });
    },
  });
}

/** What `out/` shows of a result: where, and from which blob. */
function filesOf(store: Store, place: Place, result: StoredResult): Map<string, { from: string; blob: BlobFile }> {
  const folder = place.recording === null ? place.step : join(place.step, place.recording);
  const files = new Map<string, { from: string; blob: BlobFile }>();
  for (const [port, output] of Object.entries(result.outputs)) {
    if (!output) continue;
    for (const blob of output.files) {
      const name = output.kind === 'folder' ? join(port, blob.path) : `${port}${output.extension}`;
      files.set(join(folder, name), { from: join(store.blob(output.digest), blob.path), blob });
    }
    for (const { extension, digest, file } of output.siblings) {
      files.set(join(folder, `${port}${extension}`), { from: store.blob(digest), blob: file });
    }
  }
  return files;
}

/** Where `out/` shows folders that hold nothing. */
function emptyFoldersOf(place: Place, result: StoredResult): string[] {
  const folder = place.recording === null ? place.step : join(place.step, place.recording);
  return Object.entries(result.outputs).flatMap(([port, output]) =>
    (output?.emptyFolders ?? []).map((path) => join(folder, port, path)),
  );
}

/** An entry of the manifest. One that lists files outside the folder was forged: those are never removed. */
function isEntry(value: unknown): value is [place: string, files: Files] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const files: unknown = value[1];
  return typeof files === 'object' && files !== null && Object.entries(files).every(isListing);
}

const isListing = ([file, listed]: [string, unknown]): boolean =>
  isInside(file) && typeof listed === 'object' && listed !== null;

const nameOf = ({ step, recording }: Place): string => (recording === null ? step : `${step}@${recording}`);

const asideOf = (file: string): string => `${file}.${process.pid}.tmp`;

/** Whether another live process makes a file there. */
function isAnothersAside(file: string): boolean {
  const pid = Number(/\.(\d+)\.tmp$/.exec(file)?.[1] ?? process.pid);
  return pid !== process.pid && isAlive({ pid, started: '' });
}

/** Appears whole: made aside and renamed over what was there. */
function putFile(from: string, to: string, { size, executable }: BlobFile): void {
  const aside = asideOf(to);
  makeFolder(dirname(to));
  // What is left there may be a link to a blob, which a copy would be written into.
  if (lstatSync(aside, { throwIfNoEntry: false })) removeFile(aside);
  if (size < COPY_BELOW) {
    copyFileSync(from, aside, constants.COPYFILE_FICLONE);
    chmodSync(aside, executable ? 0o755 : 0o644);
    renameSync(aside, to);
  } else {
    cloneOrLink(from, aside);
    renameSync(aside, to);
    // rename does nothing when both names are links to one file already
    removeFile(aside);
  }
}

function cloneOrLink(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
  } catch {
    // No reflinks here (ext4): a hard link then, and where there are none either, a symbolic one.
    removeFile(to);
    try {
      linkSync(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error;
      symlinkSync(from, to);
    }
  }
}

/** What was put where a listed file or its folder was is somebody's own. */
function removeListed(path: string): void {
  try {
    removeFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTDIR' && !lstatSync(path).isDirectory()) throw error;
  }
}

/** Folders that our own removal left empty, up to the root of `out/`. */
function removeEmptyFolders(root: string, folder: string): void {
  for (let at = folder; relative(root, at) !== '' && !relative(root, at).startsWith('..'); at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      return; // not empty, or gone already
    }
  }
}
