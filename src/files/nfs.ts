import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { makeFolder } from './make-folder.ts';
import { removeFile } from './remove.ts';

/**
 * Makes this machine look at a folder anew. An NFS client remembers for up to a minute which names are in a folder and
 * which are not, and forgets it when it sees the folder changed (nfs(5), "Directory entry caching"); it cannot but see
 * what it changes itself. What others have put there before this call is seen after it.
 */
export function freshen(folder: string): void {
  const own = join(folder, `${randomBytes(8).toString('hex')}.tmp`);
  try {
    closeSync(openSync(own, 'wx'));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    makeFolder(folder);
    closeSync(openSync(own, 'wx'));
  }
  removeFile(own);
}

/** Magic numbers (statfs(2)) of file systems on a disk of this machine, or in its memory: ext, XFS, Btrfs, ZFS, tmpfs, overlay. */
const LOCAL = new Set([0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0x01021994, 0x794c7630]);

/** By folder, for a run asks often. */
const asked = new Map<string, boolean>();

/** Whether nobody else can write there; one that is not there yet is where its parent is. */
export function isLocal(folder: string): boolean {
  const known = asked.get(folder);
  if (known !== undefined) return known;
  try {
    const found = LOCAL.has(statfsSync(folder).type);
    asked.set(folder, found);
    return found;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return isLocal(dirname(folder));
  }
}

/** The same, where other machines may write: a disk of this one alone needs none of it. For what every action does. */
export function freshenShared(folder: string): void {
  if (!isLocal(folder)) freshen(folder);
}

/**
 * Reads, and once more where NFS says that the file is gone under the reader (ESTALE): another machine replaced it
 * meanwhile, and the name leads to what it put there.
 */
export function againIfStale<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (errorCode(error) !== 'ESTALE') throw error;
    return read();
  }
}
