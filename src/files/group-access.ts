/**
 * A store that several users of a group share: its folder is setgid and writable for the group (`chmod 2775`), and what is
 * made below it becomes so too, whatever the umask of who makes it. Like git's `core.sharedRepository`.
 */
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MASK = process.umask();
const SETGID_AND_WRITABLE = 0o2020;

/** The mode of the folder that a path lies in, where it is shared. */
function sharedMode(path: string): number | undefined {
  const mode = (statSync(dirname(path), { throwIfNoEntry: false })?.mode ?? 0) & 0o7777;
  return (mode & SETGID_AND_WRITABLE) === SETGID_AND_WRITABLE ? mode : undefined;
}

/** Gives a folder, just made, the mode of the shared one that it lies in. */
export function shareFolder(path: string): void {
  if ((MASK & 0o070) === 0) return;
  const mode = sharedMode(path);
  if (mode !== undefined) chmodSync(path, mode);
}

/** Lets the group read a file, just made, in a shared folder: it is replaced or removed as a whole, never written to. */
export function shareFile(path: string): void {
  if ((MASK & 0o040) !== 0 && sharedMode(path) !== undefined) chmodSync(path, 0o644);
}
