/** A file of `out/`: compares it with the stored file, and puts the stored file in its place. */

import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { type Digest, digestOfFile } from '../files/digest.ts';
import { inFolder } from '../files/make-folder.ts';
import { removeFile } from '../files/remove.ts';
import type { BlobFile } from '../store/blob.ts';
import { makeFolderBelow, parentState } from './path.ts';

/** The stored file that a path of `out/` should show. */
export interface WantedFile {
  /** The blob that is, or contains, the stored file. */
  readonly output: Digest;
  /** The stored file. */
  readonly from: string;
  readonly blob: BlobFile;
}

/** Files of at least this size (bytes) are linked to the blob, not copied. */
const COPY_BELOW = 16 << 20;

/** Compares a path with its wanted content. `damaged`: the path is a link to the stored file, and that was changed. */
export async function contentAt(path: string, { from, blob }: WantedFile): Promise<'wanted' | 'other' | 'damaged'> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  const isOurLink = found?.isSymbolicLink() === true && readlinkSync(path) === from;
  if (!found?.isFile() && !isOurLink) return 'other';
  const shown = statSync(path, { throwIfNoEntry: false });
  if (!shown?.isFile()) return 'other';
  if (shown.size === blob.size && (await digestOfFile(path)) === blob.digest) return 'wanted';
  const stored = statSync(from, { throwIfNoEntry: false });
  return stored && stored.ino === shown.ino && stored.dev === shown.dev ? 'damaged' : 'other';
}

let filesMade = 0;

/**
 * Puts a file in its place atomically: makes it in the scratch folder, then renames it. Returns false, and puts no file, if
 * the stored file is damaged or missing: another action may have found and removed a damaged blob a moment ago.
 *
 * @param out `isFresh`: the stored file was hashed just now. Then a large file, which is linked, is not read again.
 */
export async function putFile(
  out: { readonly root: string; readonly scratch: string; readonly isFresh: boolean },
  file: string,
  { from, blob }: WantedFile,
): Promise<boolean> {
  const { root, scratch, isFresh } = out;
  const temporary = join(scratch, `${process.pid}-${filesMade++}`);
  const isCopied = blob.size < COPY_BELOW;
  try {
    inFolder(temporary, () => (isCopied ? copy(from, temporary, blob) : cloneOrLink(from, temporary)));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && !lstatSync(from, { throwIfNoEntry: false })) return false;
    throw error;
  }
  // Hash the copy itself, because another program may have written into the store since the blob was hashed.
  if ((isCopied || !isFresh) && (await digestOfFile(temporary)) !== blob.digest) {
    removeFile(temporary);
    return false;
  }
  if (parentState(root, file) !== 'open') makeFolderBelow(root, dirname(file));
  renameSync(temporary, join(root, file));
  // rename does nothing if both paths are links to the same file already.
  if (blob.size >= COPY_BELOW) removeFile(temporary);
  return true;
}

function copy(from: string, to: string, { executable }: Pick<BlobFile, 'executable'>): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, (executable ? 0o777 : 0o666) & ~process.umask());
}

function cloneOrLink(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
  } catch {
    // No reflinks here (ext4): use a hard link, or a symbolic link to another disk.
    removeFile(to);
    try {
      linkSync(from, to);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error;
      symlinkSync(from, to);
    }
  }
}
