/**
 * Signatures: what a stat says of a file, as a string to compare. While the signature stands, the content is taken to
 * stand. stat is called synchronously because that is seven times cheaper.
 */

import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { systemPath } from './file-names.ts';
import { doubtOf, type FileSystem, fileSystemOf, LOCAL, worthOf } from './file-system.ts';

export type Signature = string & { readonly brand: 'Signature' };

export function statOf(path: string, look: typeof statSync | typeof lstatSync = statSync): BigIntStats | undefined {
  try {
    return look(systemPath(path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // A file stands where a folder of the path should: then there is nothing at the path.
    if (errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Of a user's file: device, inode, size, mtime and ctime in ns, and the medium where these could be the same on another
 * one. Undefined when there is no such file.
 */
export function fileSignature(path: string): Signature | undefined {
  const s = statOf(path);
  return s && fileSignatureOf(s, path);
}

export const fileSignatureOf = (s: BigIntStats, path: string): Signature => signatureIn(s, fileSystemOf(s.dev, path));

function signatureIn(s: BigIntStats, fileSystem: FileSystem): Signature {
  const own = `${s.dev}:${s.ino}:${s.size}:${s.mtimeNs}:${s.ctimeNs}`;
  return (worthOf(s.ctimeNs, fileSystem) === 'medium' ? `${own}:${fileSystem.medium}` : own) as Signature;
}

const OWNER_MAY_EXECUTE = 0o100;

/** The owner's bit decides, as in Git. */
export const isExecutable = ({ mode }: { readonly mode: number | bigint }): boolean =>
  (Number(mode) & OWNER_MAY_EXECUTE) !== 0;

/**
 * Of a blob or a file in `out/`: without ctime, which a new hard link changes, and without the device, which each
 * client of an NFS server numbers in its own way. Of a link, not of what it leads to: that is no blob.
 */
export const blobSignature = (path: string): Signature | undefined => lookAtBlob(path)?.signature;

export interface BlobLook {
  readonly signature: Signature;
  readonly executable: boolean;
  readonly isFile: boolean;
  readonly size: number;
  /** Names that the file has. */
  readonly links: number;
}

export function lookAtBlob(path: string): BlobLook | undefined {
  const s = statOf(path, lstatSync);
  if (!s) return undefined;
  const [size, links] = [Number(s.size), Number(s.nlink)];
  return { signature: blobSignatureOf(s), executable: isExecutable(s), isFile: s.isFile(), size, links };
}

export const blobSignatureOf = (s: BigIntStats): Signature => `${s.ino}:${s.size}:${s.mtimeNs}` as Signature;

/** A file as it looks at one moment. */
export interface Look {
  readonly signature: Signature;
  /** A change of it sets ctime, so it changes the signature too. */
  readonly executable: boolean;
  /** Whether any later change gives another signature, once `waitMs` have passed. */
  readonly proves: boolean;
  /** How long a further change could still leave the signature as it is. */
  readonly waitMs: number;
}

/** Undefined when there is no such file. `fileSystem` may be given to ask about another one. */
export function lookAt(path: string, now = nowNs(), fileSystem?: FileSystem): Look | undefined {
  const s = statOf(path);
  if (!s) return undefined;
  const on = fileSystem ?? fileSystemOf(s.dev, path);
  const doubt = doubtOf(s.ctimeNs);
  const age = now - s.ctimeNs;
  const foreign = !LOCAL.has(on.type);
  const passed = age >= (foreign ? CLOCKS_DIFFER : doubt);
  // A stamp of the future says nothing of its age: then all of the doubt is waited for.
  const wait = age >= 0n && age < doubt ? doubt - age : doubt;
  return {
    signature: signatureIn(s, on),
    executable: isExecutable(s),
    proves: worthOf(s.ctimeNs, on) !== 'nothing',
    waitMs: passed ? 0 : Math.ceil(Number(foreign ? doubt : wait) / 1e6),
  };
}

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** A server's clock may differ from this machine's by so much. */
const CLOCKS_DIFFER = 3600n * 1_000_000_000n;

/** Machines that share files keep their clocks closer together than this, most of them far closer. */
const CLOCKS_SHARED = 60n * 1_000_000_000n;

/** For how long after its ctime a file counts as changed just now. */
export const doubtOn = ({ type }: FileSystem, ctimeNs: bigint): bigint =>
  doubtOf(ctimeNs) + (LOCAL.has(type) ? 0n : CLOCKS_SHARED);

/** Whether a file was, or may have been, changed at or after a moment (ns). */
export function isRacy(path: string, since = nowNs()): boolean {
  const s = statOf(path);
  if (!s) return false;
  const on = fileSystemOf(s.dev, path);
  return worthOf(s.ctimeNs, on) === 'nothing' || since - s.ctimeNs < doubtOn(on, s.ctimeNs);
}
