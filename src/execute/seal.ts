/**
 * Readies what an action made for the store: each file is plain, has no other name by which somebody owns or changes it,
 * and gets the mode in which it is stored. Nothing is done through a link.
 */

import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import type { ActionFailure } from '../base/failure.ts';
import { below } from '../files/below.ts';
import { storedMode } from '../store/blob.ts';
import type { Store } from '../store/open.ts';
import { digestOfOne, type TreeFile } from '../store/tree.ts';
import type { Made, MadeFile, MadeOutput } from './job.ts';

/** A made file where it lies. */
export interface PlacedFile extends MadeFile {
  readonly port: string;
  /** Whether it becomes a blob of its own. */
  readonly isBlob: boolean;
  /** How a sentence names it. */
  readonly called: string;
}

export function placedFiles({ outputs }: Made): readonly PlacedFile[] {
  return Object.entries(outputs).flatMap(([port, output]) => {
    if (!output) return [];
    const { kind, path, files, siblings } = output;
    const own = files.map((file) => {
      const called = file.path === '' ? 'it' : `${file.path} in it`;
      return { ...file, path: join(path, file.path), port, isBlob: kind === 'file', called };
    });
    return [...own, ...siblings.map((file) => ({ ...file, port, isBlob: true, called: `its ${file.extension}` }))];
  });
}

/** @param kept the folder in which the action keeps what it fetched: its outputs may be links to files there */
export function seal(store: Store, made: Made, kept: string | null): ActionFailure | undefined {
  for (const [port, output] of Object.entries(made.outputs)) {
    if (!output) continue;
    if (!isRealWay(store.scratch, dirname(output.path))) return invalid(port, MOVED);
    if (output.kind === 'folder' && !isAsListed(output)) return writtenOn(port);
  }
  const names = namesIn(kept);
  for (const file of placedFiles(made)) {
    const isStores = (found: Stats) => {
      const inKept = names.get(found.ino) ?? 0;
      return inKept > 0 && (found.nlink === 1 + inKept || isBlob(store, file, found));
    };
    const failure = sealFile(file, isStores);
    if (failure) return failure;
  }
  return undefined;
}

const MOVED = 'the folder in which it was made was moved away or replaced; leave that folder in place';

export const writtenOn = (port: string): ActionFailure =>
  invalid(port, 'it was written to after the task had ended; await all that writes it');

const invalid = (port: string, message: string): ActionFailure => ({ reason: 'output-invalid', port, message });

/** Whether all folders from one down to another are real ones. */
function isRealWay(root: string, folder: string): boolean {
  let at = root;
  return relative(root, folder)
    .split(sep)
    .every((name) => {
      at = join(at, name);
      return lstatSync(at, { throwIfNoEntry: false })?.isDirectory() === true;
    });
}

/** Whether a folder still holds what was hashed, and nothing else. */
function isAsListed({ path, files, emptyFolders }: MadeOutput): boolean {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  const found = below(path);
  if (found.links.length > 0 || found.others.length > 0 || found.files.length !== files.length) return false;
  const listed = new Set([...files.map((file) => file.path), ...emptyFolders]);
  const all = [...found.files, ...found.emptyFolders];
  return all.length === listed.size && all.every((name) => listed.has(name));
}

/** How many names each file has in a folder, by inode. */
function namesIn(folder: string | null): ReadonlyMap<number, number> {
  const names = new Map<number, number>();
  if (folder === null || !lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return names;
  for (const file of below(folder).files) {
    const { ino } = lstatSync(join(folder, file));
    names.set(ino, (names.get(ino) ?? 0) + 1);
  }
  return names;
}

/** Whether it is the blob that it would become: what was fetched before is kept as a link to it. */
function isBlob(store: Store, { digest, executable }: TreeFile, { ino }: Stats): boolean {
  const blob = store.blob(digestOfOne(digest, executable === true));
  return lstatSync(blob, { throwIfNoEntry: false })?.ino === ino;
}

const REPLACED = new Set(['ELOOP', 'ENOENT', 'ENXIO', 'ENOTDIR']);

function sealFile(file: PlacedFile, isStores: (found: Stats) => boolean): ActionFailure | undefined {
  const { path, port, called } = file;
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (!REPLACED.has(errorCode(error))) throw error;
    return writtenOn(port);
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) return writtenOn(port);
    if (found.nlink > 1 && !isStores(found)) {
      return invalid(
        port,
        `${called} is a hard link to another file, which would become the store's as well; copy it: cp`,
      );
    }
    const mode = storedMode(file);
    if ((found.mode & 0o777) !== mode) fchmodSync(fd, mode);
    return undefined;
  } finally {
    closeSync(fd);
  }
}
