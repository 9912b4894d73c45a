import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { flushOpen } from './flush.ts';
import { shareFile } from './group-access.ts';
import { inFolder } from './make-folder.ts';
import { removeFile } from './remove.ts';

/**
 * Writes a whole file or none: aside, fsync, rename. A kill at any instant leaves the old file or the new one.
 * Throws what the file system throws (ENOSPC, EACCES); nothing half-made is left behind then.
 */
export function writeAside(path: string, content: string | Uint8Array): void {
  const aside = asideOf(path);
  try {
    const fd = create(aside, content);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(aside, path);
  } catch (error) {
    removeFile(aside);
    throw error;
  }
}

/** The same, without making others wait for the disk. Appears no sooner than `rests` resolves, which it waits for meanwhile. */
export async function writeAsideAsync(
  path: string,
  content: string | Uint8Array,
  rests: Promise<void> = Promise.resolve(),
): Promise<void> {
  // Where the file cannot even be made, that is what is said.
  rests.catch(() => {});
  const aside = asideOf(path);
  try {
    const fd = create(aside, content);
    try {
      await Promise.all([flushOpen(fd), rests]);
    } finally {
      closeSync(fd);
    }
    renameSync(aside, path);
  } catch (error) {
    removeFile(aside);
    throw error;
  }
}

/** Nobody else's, on this machine or another one. */
const own = `${process.pid}-${randomBytes(4).toString('hex')}`;
let written = 0;
const asideOf = (path: string): string => `${path}.${own}-${written++}.tmp`;

function create(path: string, content: string | Uint8Array): number {
  const fd = inFolder(path, () => openSync(path, 'wx', 0o644));
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    shareFile(path);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
