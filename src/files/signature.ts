/**
 * Signatures: the facts that stat gives about a file, as a string. While the signature is the same, the content counts as
 * unchanged. stat is called synchronously, because that is seven times cheaper.
 */

import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { systemPath } from './file-names.ts';
import { doubtOf, type FileSystem, fileSystemOf, LOCAL, proofOf } from './file-system.ts';

export type Signature = string & { readonly brand: 'Signature' };

export function statOf(path: string, look: typeof statSync | typeof lstatSync = statSync): BigIntStats | undefined {
  try {
    return look(systemPath(path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // A parent in the path is a file, so there is no file at the path.
    if (errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * The signature of a user's file: device, inode, size, mtime and ctime in ns, and the medium if a file on another medium
 * could have the same values. Undefined if there is no file.
 */
export function fileSignature(path: string): Signature | undefined {
  const s = statOf(path);
  return s && fileSignatureOf(s, path);
}

export const fileSignatureOf = (s: BigIntStats, path: string): Signature => signatureIn(s, fileSystemOf(s.dev, path));

function signatureIn(s: BigIntStats, fileSystem: FileSystem): Signature {
  const facts = `${s.dev}:${s.ino}:${s.size}:${s.mtimeNs}:${s.ctimeNs}`;
  return (proofOf(s.ctimeNs, fileSystem) === 'medium' ? `${facts}:${fileSystem.medium}` : facts) as Signature;
}

const OWNER_MAY_EXECUTE = 0o100;

/** As in Git, the owner's permission decides. */
export const isExecutable = ({ mode }: { readonly mode: number | bigint }): boolean =>
  (Number(mode) & OWNER_MAY_EXECUTE) !== 0;

/**
 * The signature of a blob or of a file in `out/`: without ctime, which a new hard link changes, and without the device,
 * which the clients of an NFS server number differently. Does not follow links, because a link is not a blob.
 */
export const blobSignature = (path: string): Signature | undefined => blobSnapshot(path)?.signature;

export interface BlobSnapshot {
  readonly signature: Signature;
  readonly executable: boolean;
  readonly isFile: boolean;
  readonly size: number;
  /** The number of hard links. */
  readonly links: number;
}

export function blobSnapshot(path: string): BlobSnapshot | undefined {
  const s = statOf(path, lstatSync);
  if (!s) return undefined;
  const [size, links] = [Number(s.size), Number(s.nlink)];
  return { signature: blobSignatureOf(s), executable: isExecutable(s), isFile: s.isFile(), size, links };
}

export const blobSignatureOf = (s: BigIntStats): Signature => `${s.ino}:${s.size}:${s.mtimeNs}` as Signature;

/** The state of a file at a moment. */
export interface FileSnapshot {
  readonly signature: Signature;
  /** Changing it sets ctime, so the signature changes too. */
  readonly executable: boolean;
  /** Whether any later change gives another signature, once `waitMs` have passed. */
  readonly proves: boolean;
  /** How long a further change could still leave the signature as it is. */
  readonly waitMs: number;
}

/** Undefined if there is no file. Tests pass `fileSystem` to simulate others. */
export function snapshotOf(path: string, now = nowNs(), fileSystem?: FileSystem): FileSnapshot | undefined {
  const s = statOf(path);
  if (!s) return undefined;
  const on = fileSystem ?? fileSystemOf(s.dev, path);
  const doubt = doubtOf(s.ctimeNs);
  const age = now - s.ctimeNs;
  const foreign = !LOCAL.has(on.type);
  const passed = age >= (foreign ? CLOCKS_DIFFER : doubt);
  // A timestamp in the future does not tell the file's age, so wait the full time.
  const wait = age >= 0n && age < doubt ? doubt - age : doubt;
  return {
    signature: signatureIn(s, on),
    executable: isExecutable(s),
    proves: proofOf(s.ctimeNs, on) !== 'nothing',
    waitMs: passed ? 0 : Math.ceil(Number(foreign ? doubt : wait) / 1e6),
  };
}

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** The most (ns) by which a server's clock is assumed to differ from this machine's. */
const CLOCKS_DIFFER = 3600n * 1_000_000_000n;

/** The most (ns) by which the clocks of machines that share files are assumed to differ. */
const CLOCKS_SHARED = 60n * 1_000_000_000n;

/** How long (ns) after its ctime a file counts as changed just now. */
export const doubtOn = ({ type }: FileSystem, ctimeNs: bigint): bigint =>
  doubtOf(ctimeNs) + (LOCAL.has(type) ? 0n : CLOCKS_SHARED);

/** Whether a file was, or may have been, changed at or after a moment (ns since 1970). */
export function isRacy(path: string, since = nowNs()): boolean {
  const s = statOf(path);
  if (!s) return false;
  const on = fileSystemOf(s.dev, path);
  return proofOf(s.ctimeNs, on) === 'nothing' || since - s.ctimeNs < doubtOn(on, s.ctimeNs);
}
