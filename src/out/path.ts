/** Paths in `out/`. Files are never written or removed through a link, because its target may be outside `out/`. */
import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { removeFile } from '../files/remove.ts';

/** The state of a folder and its parents: all exist, some are missing, or `blockedBy` is not a folder. */
export type FolderState = 'open' | 'missing' | { readonly blockedBy: string };

/** The state of the folder that contains a file. @param file relative to `root`; `root` itself may be a link */
export const parentState = (root: string, file: string): FolderState => folderState(root, dirname(file));

/** @param folder relative to `root`, or `.` */
export function folderState(root: string, folder: string): FolderState {
  let at = root;
  for (const part of partsOf(folder)) {
    at = join(at, part);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (!found) return 'missing';
    if (!found.isDirectory()) return { blockedBy: at };
  }
  return 'open';
}

const partsOf = (folder: string): readonly string[] => (folder === '.' ? [] : folder.split('/'));

/** Makes a folder and its missing parents, each only in a real folder, never through a link. */
export function makeFolderBelow(root: string, folder: string): void {
  if (!lstatSync(root, { throwIfNoEntry: false })) makeFolder(root);
  let at = root;
  for (const part of partsOf(folder)) {
    at = join(at, part);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found?.isDirectory()) continue;
    if (found) throw Object.assign(new Error(`${at} is not a folder; move it away`), { code: 'ENOTDIR' });
    mkdirSync(at);
  }
}

/** Removes a listed file and the folders that this leaves empty. Leaves a folder or link that a user put in their place. */
export function removeBelow(root: string, file: string): void {
  if (parentState(root, file) !== 'open') return;
  const path = join(root, file);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) removeFile(path);
  removeEmptyFolders(root, dirname(file));
}

/** Removes a listed folder that should be empty, and its parents that this leaves empty. */
export function removeFolderBelow(root: string, folder: string): void {
  if (folderState(root, folder) === 'open') removeEmptyFolders(root, folder);
}

function removeEmptyFolders(root: string, folder: string): void {
  for (let at = folder; at !== '.'; at = dirname(at)) {
    try {
      rmdirSync(join(root, at));
    } catch {
      return; // not empty, or gone already
    }
  }
}
