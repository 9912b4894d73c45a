import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Resolves when the bytes of an open file are on disk. Others go on meanwhile, and several wait at once. */
export const flushOpen = promisify(fsync);

/** The same for a file that was written and closed. */
export async function flush(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  try {
    await flushOpen(fd);
  } finally {
    closeSync(fd);
  }
}
