import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { LOCAL } from './file-system.ts';
import { makeFolder } from './make-folder.ts';
import { removeFile } from './remove.ts';

/**
 * Discards this machine's cached listing of a folder, so that files which others made before this call are seen after it.
 * An NFS client caches for up to a minute which names a folder has and has not, and drops the cache when it sees the
 * folder change (nfs(5), "Directory entry caching"). So this makes a file in the folder and removes it.
 */
export function freshen(folder: string): void {
  const probe = join(folder, `${randomBytes(8).toString('hex')}.tmp`);
  try {
    closeSync(openSync(probe, 'wx'));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    makeFolder(folder);
    closeSync(openSync(probe, 'wx'));
  }
  removeFile(probe);
}

/** Answers of `isLocal` by folder, because a run asks often. */
const localByFolder = new Map<string, boolean>();

/** Whether a folder is on a disk of this machine, so that no other machine writes there. A missing folder counts as its parent. */
export function isLocal(folder: string): boolean {
  const known = localByFolder.get(folder);
  if (known !== undefined) return known;
  try {
    const found = LOCAL.has(statfsSync(folder).type);
    localByFolder.set(folder, found);
    return found;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return isLocal(dirname(folder));
  }
}

/** Like `freshen`, but skips local disks, since every action calls it. */
export function freshenShared(folder: string): void {
  if (!isLocal(folder)) freshen(folder);
}

/** Reads, and once more on ESTALE: another machine replaced the file meanwhile, and NFS now finds the new file under the name. */
export function retryIfStale<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (errorCode(error) !== 'ESTALE') throw error;
    return read();
  }
}
