import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { flushOpen } from './flush.ts';
import { shareFile } from './group-access.ts';
import { inFolder } from './make-folder.ts';
import { removeFile } from './remove.ts';

/**
 * Writes a file atomically: a temporary file, fsync, rename. A kill at any instant leaves the old file or the new one.
 * Throws errors of the file system (ENOSPC, EACCES), after it has removed the temporary file.
 */
export function writeAtomic(path: string, content: string | Uint8Array): void {
  const temporary = temporaryPath(path);
  try {
    const fd = create(temporary, content);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}

/**
 * Like `writeAtomic`, but does not block the event loop while the disk works. `before` is awaited at the same time: the
 * file appears only after `before` has resolved.
 */
export async function writeAtomicAsync(
  path: string,
  content: string | Uint8Array,
  before: Promise<void> = Promise.resolve(),
): Promise<void> {
  // If `create` throws, its error is reported, and a rejection of `before` must not count as unhandled.
  before.catch(() => {});
  const temporary = temporaryPath(path);
  try {
    const fd = create(temporary, content);
    try {
      await Promise.all([flushOpen(fd), before]);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}

/** Random, because a process on another machine may have the same number. */
const PROCESS_NAME = `${process.pid}-${randomBytes(4).toString('hex')}`;
let written = 0;
const temporaryPath = (path: string): string => `${path}.${PROCESS_NAME}-${written++}.tmp`;

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
