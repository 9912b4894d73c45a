import { closeSync, fsync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
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

/** Some file systems cannot flush a folder, and some servers have flushed it before they answer. */
const NOT_FLUSHED = new Set(['EINVAL', 'ENOTSUP', 'EBADF', 'EISDIR', 'EACCES', 'EPERM', 'ENOENT']);

const isNotFlushed = (error: unknown): boolean => NOT_FLUSHED.has((error as NodeJS.ErrnoException).code ?? '');

/** Folders whose own names this process has flushed: they are made once and never renamed. */
const named = new Set<string>();

/** These folders, and, the first time that each is met, the one that its own name is in. */
function withNew(folders: Iterable<string>): Set<string> {
  const all = new Set(folders);
  for (const folder of [...all]) {
    if (!named.has(folder)) all.add(dirname(folder));
    named.add(folder);
  }
  return all;
}

/** Resolves when the names of files that were made in these folders, or moved there, are on disk. */
export async function flushFolders(folders: Iterable<string>): Promise<void> {
  await Promise.all(
    [...withNew(folders)].map((folder) =>
      flush(folder).catch((error) => {
        if (!isNotFlushed(error)) throw error;
      }),
    ),
  );
}

/** The same, where others wait anyway. */
export function flushFolderSync(path: string): void {
  for (const folder of withNew([path])) {
    try {
      const fd = openSync(folder, 'r');
      try {
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      if (!isNotFlushed(error)) throw error;
    }
  }
}
