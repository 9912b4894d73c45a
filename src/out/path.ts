/** Paths below `out/`. No link on the way is ever followed: not for writing, not for changing modes, not for removal. */
import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { removeFile } from '../files/remove.ts';

/** The way to a file: all folders exist, some are missing, or `blockedBy` is not a folder. */
export type Way = 'open' | 'missing' | { readonly blockedBy: string };

/** @param file relative to `root`; `root` itself may be a link */
export function wayTo(root: string, file: string): Way {
  const parts = file.split('/').slice(0, -1);
  let at = root;
  for (const part of parts) {
    at = join(at, part);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (!found) return 'missing';
    if (!found.isDirectory()) return { blockedBy: at };
  }
  return 'open';
}

/** Makes the folders on the way to a file, each only inside a real folder. The root is there most often, so ask later. */
export function makeWayTo(root: string, file: string): void {
  if (!lstatSync(root, { throwIfNoEntry: false })) makeFolder(root);
  let at = root;
  for (const part of file.split('/').slice(0, -1)) {
    at = join(at, part);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found?.isDirectory()) continue;
    if (found) throw Object.assign(new Error(`${at} is no folder; move it away`), { code: 'ENOTDIR' });
    mkdirSync(at);
  }
}

/** Removes a listed file, and the folders that this leaves empty. Whatever a user put in place of either stays. */
export function removeBelow(root: string, file: string): void {
  if (wayTo(root, file) !== 'open') return;
  const path = join(root, file);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) removeFile(path);
  removeEmptyFolders(root, dirname(file));
}

/** The same for a listed folder that should hold nothing. */
export function removeFolderBelow(root: string, folder: string): void {
  if (wayTo(root, `${folder}/x`) === 'open') removeEmptyFolders(root, folder);
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
