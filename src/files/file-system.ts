/**
 * Whether a file's ctime proves that its content is unchanged. On most file systems ctime is the moment of the last
 * change, and no program can set it. On others it is not: an image holds the times that its maker wrote into it, and
 * FUSE, SMB, FAT and 9p often repeat the mtime.
 */

import { readFileSync, statfsSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { systemPath } from './file-names.ts';

export interface FileSystem {
  /** Magic number (statfs(2)). */
  readonly type: number;
  /** Identifies the disk or image in the device, uniquely since the machine started; null if Linux does not tell. */
  readonly medium: string | null;
}

/** Disks and memory of this machine: ext, XFS, Btrfs, ZFS, tmpfs, overlay. They use our clock, and no other machine writes there. */
export const LOCAL: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0x01021994, 0x794c7630]);

/** squashfs, EROFS, ISO 9660, cramfs, romfs: read-only, but another image may be mounted in their place. */
const IMAGES: ReadonlySet<number> = new Set([0x73717368, 0xe0f5e1e2, 0x9660, 0x28cd3d45, 0x7275]);

/** FUSE, SMB, CIFS, SMB2, FAT, exFAT, UDF, 9p, VirtualBox, VMware, HFS, NTFS, procfs, sysfs. */
const UNRELIABLE: ReadonlySet<number> = new Set([
  0x65735546, 0x517b, 0xff534d42, 0xfe534d42, 0x4d44, 0x2011bab0, 0x15013346, 0x01021997, 0x786f4256, 0xbacbacbc,
  0x4244, 0x5346544e, 0x9fa0, 0x62656572,
]);

const SECOND = 1_000_000_000n;

/**
 * Says which facts, if unchanged, prove that a file's content is unchanged.
 * - `change`: its times.
 * - `medium`: its times and the medium. A ctime of whole seconds is either coarse or was written into an image by its
 *   maker, and then only the medium tells two images apart.
 * - `nothing`: the file may change and look the same.
 */
export function proofOf(ctimeNs: bigint, { type, medium }: FileSystem): 'change' | 'medium' | 'nothing' {
  if (UNRELIABLE.has(type)) return 'nothing';
  if (!IMAGES.has(type) && ctimeNs % SECOND !== 0n) return 'change';
  return medium === null ? 'nothing' : 'medium';
}

/** The resolution of a timestamp in ns: a whole number of seconds suggests a file system that stores seconds only. */
export const grainOf = (ctimeNs: bigint): bigint => (ctimeNs % SECOND === 0n ? SECOND : 0n);

/** How long (ns) after a timestamp a second change may leave it the same: the resolution, plus a tick of the kernel's clock. */
export const doubtOf = (ctimeNs: bigint): bigint => grainOf(ctimeNs) + 20_000_000n;

/** How long (ms) the answer for a device is reused: long enough for a run with nothing to do, short because disks are exchanged. */
const FRESH_MS = 50;
const found = new Map<bigint, { readonly at: number; readonly fileSystem: FileSystem }>();

/** The file system of a device; `path` is a file on it. */
export function fileSystemOf(device: bigint, path: string): FileSystem {
  const known = found.get(device);
  const at = performance.now();
  if (known && at - known.at < FRESH_MS) return known.fileSystem;
  const fileSystem = { type: typeAt(path), medium: mediumIn(device) };
  found.set(device, { at, fileSystem });
  return fileSystem;
}

/** The type of the file system; NaN, which is no type, if the file is gone by now. */
function typeAt(path: string): number {
  try {
    return statfsSync(systemPath(path)).type;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return Number.NaN;
    throw error;
  }
}

/** Linux counts the disks and images that it attaches, and gives each boot an id: together they identify a medium. */
function mediumIn(device: bigint): string | null {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  try {
    const sequence = readFileSync(`/sys/dev/block/${major}:${minor}/diskseq`, 'utf8').trim();
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}.${sequence}`;
  } catch {
    return null; // no block device, an older kernel, or no Linux
  }
}
