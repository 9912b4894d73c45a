/**
 * Signatures: what a stat says of a file, as a string to compare. As long as the signature stands, the
 * content is taken to stand; stat is called synchronously because that is seven times cheaper.
 */
import { type BigIntStats, statSync } from 'node:fs';
import { systemPath } from './file-names.ts';

export type Signature = string & { readonly brand: 'Signature' };

function stat(path: string): BigIntStats | undefined {
  try {
    return statSync(systemPath(path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // A file stands where a folder of the path should: then there is nothing at the path.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Of a user's file: device, inode, size, mtime and ctime in ns. Undefined when there is no such file. */
export const fileSignature = (path: string): Signature | undefined => fileState(path)?.signature;

export interface FileState {
  readonly signature: Signature;
  readonly executable: boolean;
}

/** What one look at a user's file tells. A change of the executable bit sets ctime, so it changes the signature too. */
export function fileState(path: string): FileState | undefined {
  const s = stat(path);
  if (!s) return undefined;
  const signature = `${s.dev}:${s.ino}:${s.size}:${s.mtimeNs}:${s.ctimeNs}` as Signature;
  return { signature, executable: isExecutable(s) };
}

const OWNER_MAY_EXECUTE = 0o100;

/** The owner's bit decides, as in Git. */
export const isExecutable = ({ mode }: { readonly mode: number | bigint }): boolean =>
  (Number(mode) & OWNER_MAY_EXECUTE) !== 0;

/**
 * Of a blob or a file in `out/`: without ctime, which a new hard link changes, and without the device, which each
 * client of an NFS server numbers in its own way.
 */
export function blobSignature(path: string): Signature | undefined {
  const s = stat(path);
  return s && (`${s.ino}:${s.size}:${s.mtimeNs}` as Signature);
}

/** File systems stamp with the tick of the kernel's clock; a file changed twice within one looks unchanged. */
const TICK_NS = 20_000_000n;

/**
 * Whether a file was changed so recently that a further change could leave its signature as it is. Every
 * change sets its ctime, which nobody can set otherwise; an mtime may be anything, also in the future.
 */
export function isRacy(path: string, now = BigInt(Date.now()) * 1_000_000n): boolean {
  const s = stat(path);
  return s !== undefined && now - s.ctimeNs < TICK_NS;
}
