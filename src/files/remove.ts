/** Removes files and folders that tasks, and commands started by them, have made. */

import { randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { filesBelow } from './digest.ts';

/** Removes a file or folder, which may be missing. Also removes read-only folders, which archives may contain. */
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

/** Like `removeTree`, but returns false if only another user of a shared store can remove it. */
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
 * Frees a path in a store that several users may share. If only another user can remove its content, renames it to a
 * temporary name, for that user's `gc` or `cache check` to remove.
 */
export function freePath(path: string): void {
  if (!removeTreeIfOwn(path)) renameSync(path, `${path}.${randomUUID()}.tmp`);
}

/** A command that outlived its run still writes there, or has files open on NFS; or another user must remove it. */
const NOT_NOW = new Set(['ENOTEMPTY', 'EBUSY', 'EACCES', 'EPERM']);

/** Like `removeTree`, but leaves a tree that cannot be removed now: the next opening of the store tries again. */
export function removeTreeIfPossible(path: string, maxRetries = 0): void {
  try {
    removeTree(path, maxRetries);
  } catch (error) {
    if (!NOT_NOW.has(errorCode(error))) throw error;
  }
}

/** Removes a file, which may be missing. Node's `rmSync` stats it first, which takes longer than removing it. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
