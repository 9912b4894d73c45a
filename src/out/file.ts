/** One file of `out/`: whether it stands as it should, and putting it there. */

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
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { type Digest, digestOfFile } from '../files/digest.ts';
import { inFolder } from '../files/make-folder.ts';
import { removeFile } from '../files/remove.ts';
import type { BlobFile } from '../store/blob.ts';
import { makeWayTo, wayTo } from './path.ts';

/** The content that a path of `out/` should have: that of a stored file. */
export interface Wanted {
  /** The blob that the stored file is, or is in. */
  readonly output: Digest;
  /** The stored file. */
  readonly from: string;
  readonly blob: BlobFile;
}

/** Larger files are linked to the blob, not copied. */
const COPY_BELOW = 16 << 20;

/** Whether a path has exactly the wanted content; `damaged`: it is the stored file itself, and that was changed. */
export async function contentAt(path: string, { from, blob }: Wanted): Promise<'wanted' | 'other' | 'damaged'> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  const isOurLink = found?.isSymbolicLink() === true && readlinkSync(path) === from;
  if (!found?.isFile() && !isOurLink) return 'other';
  const shown = statSync(path, { throwIfNoEntry: false });
  if (!shown?.isFile()) return 'other';
  if (shown.size === blob.size && (await digestOfFile(path)) === blob.digest) return 'wanted';
  const stored = statSync(from, { throwIfNoEntry: false });
  return stored && stored.ino === shown.ino && stored.dev === shown.dev ? 'damaged' : 'other';
}

let made = 0;

/**
 * Puts a file in its place whole: made aside, then renamed over what was there. Returns false, and puts nothing, where
 * the content is not what was stored, or is gone: another action may have found it damaged a moment ago.
 *
 * @param around `isFresh`: the stored file was hashed just now; a large one, which is linked, is then not read again
 */
export async function putFile(
  around: { readonly root: string; readonly scratch: string; readonly isFresh: boolean },
  file: string,
  { from, blob }: Wanted,
): Promise<boolean> {
  const { root, scratch, isFresh } = around;
  const aside = join(scratch, `${process.pid}-${made++}`);
  const isCopied = blob.size < COPY_BELOW;
  try {
    inFolder(aside, () => (isCopied ? copy(from, aside, blob.executable === true) : cloneOrLink(from, aside)));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && !lstatSync(from, { throwIfNoEntry: false })) return false;
    throw error;
  }
  // Somebody may have written into the store since it was hashed: what a copy holds, only its own bytes tell.
  if ((isCopied || !isFresh) && (await digestOfFile(aside)) !== blob.digest) {
    removeFile(aside);
    return false;
  }
  if (wayTo(root, file) !== 'open') makeWayTo(root, file);
  renameSync(aside, join(root, file));
  // rename does nothing when both names are links to one file already.
  if (blob.size >= COPY_BELOW) removeFile(aside);
  return true;
}

function copy(from: string, to: string, isExecutable: boolean): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, (isExecutable ? 0o777 : 0o666) & ~process.umask());
}

function cloneOrLink(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
  } catch {
    // No reflinks here (ext4): use a hard link, or a symbolic one on another disk.
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
