/** Removes what tasks, and the commands that they started, have made. */

import { randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { filesBelow } from './digest.ts';

/** Folders that a task made read-only, as those of an archive may be, are removed all the same; nothing there is fine. */
export function removeTree(path: string, maxRetries = 0): void {
  const options = { recursive: true, force: true, maxRetries };
  try {
    rmSync(path, options);
  } catch (error) {
    if (errorCode(error) !== 'EACCES' || !lstatSync(path).isDirectory()) throw error;
    filesBelow(path, (folder) => chmodSync(folder, 0o755));
    rmSync(path, options);
  }
}

const NOT_OWN = new Set(['EACCES', 'EPERM']);

/** The same in a store that several users share; false where only another user can remove it. */
export function removeTreeIfOwn(path: string): boolean {
  try {
    removeTree(path);
    return true;
  } catch (error) {
    if (!NOT_OWN.has(errorCode(error))) throw error;
    return false;
  }
}

/**
 * Frees a path of a store that several users share. What only another user can remove stays beside it, under a name that
 * means nothing, until that user's `gc` or `cache check` removes it.
 */
export function freePath(path: string): void {
  if (!removeTreeIfOwn(path)) renameSync(path, `${path}.${randomUUID()}.tmp`);
}

/** A command that outlives its run still writes there, or reads on NFS; or it is another user's, and theirs to remove. */
const NOT_NOW = new Set(['ENOTEMPTY', 'EBUSY', 'EACCES', 'EPERM']);

/** The same for what may stay if it must: the next opening of the store tries again. */
export function removeTreeIfPossible(path: string, maxRetries = 0): void {
  try {
    removeTree(path, maxRetries);
  } catch (error) {
    if (!NOT_NOW.has(errorCode(error))) throw error;
  }
}

/** Removes a file that may be gone already. Node's `rmSync` looks at each first, which takes longer than to remove it. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
