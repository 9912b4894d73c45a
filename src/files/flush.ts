import { closeSync, fsync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../base/error-code.ts';

/** Resolves when the bytes of an open file are on disk. Others go on meanwhile, and several wait at once. */
export const flushOpen = promisify(fsync);

/** The same for a file that was written and closed. */
async function flush(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  try {
    await flushOpen(fd);
  } finally {
    closeSync(fd);
  }
}

/** Some file systems cannot flush a folder, and some servers have flushed it before they answer. */
const NOT_FLUSHED = new Set(['EINVAL', 'ENOTSUP', 'EBADF', 'EISDIR', 'EACCES', 'EPERM', 'ENOENT']);

const isNotFlushed = (error: unknown): boolean => NOT_FLUSHED.has(errorCode(error));

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
export const flushFolders = (folders: Iterable<string>): Promise<void> =>
  flushEach([...withNew(folders)], async (folder) => {
    try {
      await flush(folder);
    } catch (error) {
      if (!isNotFlushed(error)) throw error;
    }
  });

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

/** More files than this are sooner on disk with the whole file system that they are on: 20,000 in half a second, not in 37. */
const MANY = 32;
/** As many as Node has threads for them; each file system writes what several ask for together. */
const AT_ONCE = 4;

/** Resolves when these files are on disk, which are on one file system. */
export const flushFiles = (paths: readonly string[]): Promise<void> => flushEach(paths, flush);

async function flushEach(paths: readonly string[], flushOne: (path: string) => Promise<void>): Promise<void> {
  const [first] = paths;
  if (first !== undefined && paths.length > MANY && (await flushFileSystem(first))) return;
  const rest = paths.values();
  const flushRest = async () => {
    for (const path of rest) await flushOne(path);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, paths.length) }, flushRest));
}

/** False where there is no such command, or where a file could not be written (since Linux 5.8). */
async function flushFileSystem(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  // Loading it takes longer than most runs wait for the disk.
  const { execFile } = await import('node:child_process');
  return new Promise((resolve) => execFile('sync', ['-f', path], (error) => resolve(error === null)));
}
