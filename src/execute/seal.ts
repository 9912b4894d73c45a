/**
 * Prepares the outputs of an action for the store: requires that each file is plain and has no other hard link through
 * which it could be changed, and sets the mode in which it is stored. Never follows a link.
 */

import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import type { ActionFailure } from '../base/failure.ts';
import { listBelow } from '../files/list-folder.ts';
import { storedMode } from '../store/blob.ts';
import type { Store } from '../store/layout.ts';
import { digestOfSingleFile, type TreeFile } from '../store/tree.ts';
import type { OutputFile, TaskOutput, TaskOutputs } from './job.ts';

/** A file of an output, with its absolute path. */
export interface PlacedFile extends OutputFile {
  readonly port: string;
  /** Whether it becomes a blob of its own. */
  readonly isBlob: boolean;
  /** Its name in a message: `it`, `a.csv in it`, `its .csv`. */
  readonly called: string;
}

export function placedFiles({ outputs }: TaskOutputs): readonly PlacedFile[] {
  return Object.entries(outputs).flatMap(([port, output]) => {
    if (!output) return [];
    const { kind, path, files, siblings } = output;
    const main = files.map((file) => {
      const called = file.path === '' ? 'it' : `${file.path} in it`;
      return { ...file, path: join(path, file.path), port, isBlob: kind === 'file', called };
    });
    return [...main, ...siblings.map((file) => ({ ...file, port, isBlob: true, called: `its ${file.extension}` }))];
  });
}

/** @param downloads the action's downloads folder, or null: outputs may be hard links to files in it */
export function seal(store: Store, made: TaskOutputs, downloads: string | null): ActionFailure | undefined {
  for (const [port, output] of Object.entries(made.outputs)) {
    if (!output) continue;
    if (!areRealFolders(store.scratch, dirname(output.path))) return invalid(port, MOVED);
    if (output.kind === 'folder' && !isAsListed(output)) return writtenOn(port);
  }
  const links = linksIn(downloads);
  for (const file of placedFiles(made)) {
    const isDownload = (found: Stats) => {
      const downloaded = links.get(found.ino) ?? 0;
      return downloaded > 0 && (found.nlink === 1 + downloaded || isBlob(store, file, found));
    };
    const failure = sealFile(file, isDownload);
    if (failure) return failure;
  }
  return undefined;
}

const MOVED = 'the folder in which it was made was moved away or replaced; leave that folder in place';

export const writtenOn = (port: string): ActionFailure =>
  invalid(port, 'it was written to after the task had ended; await all that writes it');

const invalid = (port: string, message: string): ActionFailure => ({ reason: 'output-invalid', port, message });

/** Whether all folders from `root` down to `folder` are real folders, and not links. */
function areRealFolders(root: string, folder: string): boolean {
  let at = root;
  return relative(root, folder)
    .split(sep)
    .every((name) => {
      at = join(at, name);
      return lstatSync(at, { throwIfNoEntry: false })?.isDirectory() === true;
    });
}

/** Whether a folder still holds exactly the hashed files and empty folders. */
function isAsListed({ path, files, emptyFolders }: TaskOutput): boolean {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  const found = listBelow(path);
  if (found.links.length > 0 || found.others.length > 0 || found.files.length !== files.length) return false;
  const listed = new Set([...files.map((file) => file.path), ...emptyFolders]);
  const all = [...found.files, ...found.emptyFolders];
  return all.length === listed.size && all.every((name) => listed.has(name));
}

/** The number of hard links to each file that lie in a folder, by inode. */
function linksIn(folder: string | null): ReadonlyMap<number, number> {
  const links = new Map<number, number>();
  if (folder === null || !lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return links;
  for (const file of listBelow(folder).files) {
    const { ino } = lstatSync(join(folder, file));
    links.set(ino, (links.get(ino) ?? 0) + 1);
  }
  return links;
}

/** Whether the file is already the blob that it would become: earlier downloads are links to their blobs. */
function isBlob(store: Store, { digest, executable }: TreeFile, { ino }: Stats): boolean {
  const blob = store.blob(digestOfSingleFile({ digest, executable }));
  return lstatSync(blob, { throwIfNoEntry: false })?.ino === ino;
}

const REPLACED = new Set(['ELOOP', 'ENOENT', 'ENXIO', 'ENOTDIR']);

function sealFile(file: PlacedFile, isDownload: (found: Stats) => boolean): ActionFailure | undefined {
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
    if (found.nlink > 1 && !isDownload(found)) {
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
