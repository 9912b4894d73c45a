/**
 * Stores that the users of a group share: the store's folder is setgid and group-writable (`chmod 2775`), and so becomes
 * each folder made in it, whatever the user's umask. Like git's `core.sharedRepository`.
 */
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MASK = process.umask();
const SETGID_AND_WRITABLE = 0o2020;

/** The mode of the folder that contains a path; undefined if that folder is not shared. */
function sharedMode(path: string): number | undefined {
  const mode = (statSync(dirname(path), { throwIfNoEntry: false })?.mode ?? 0) & 0o7777;
  return (mode & SETGID_AND_WRITABLE) === SETGID_AND_WRITABLE ? mode : undefined;
}

/** Gives a new folder the mode of the shared folder that contains it. */
export function shareFolder(path: string): void {
  if ((MASK & 0o070) === 0) return;
  const mode = sharedMode(path);
  if (mode !== undefined) chmodSync(path, mode);
}

/** Lets the group read a new file in a shared folder. Reading is enough: files are replaced as a whole, never written to. */
export function shareFile(path: string): void {
  if ((MASK & 0o040) !== 0 && sharedMode(path) !== undefined) chmodSync(path, 0o644);
}
