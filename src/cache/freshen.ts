import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

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
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeFolder(folder);
    closeSync(openSync(own, 'wx'));
  }
  rmSync(own, { force: true });
}
