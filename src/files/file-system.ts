/**
 * What a file system's times are worth. Most stamp a file with the moment of its last change, which nobody can set
 * otherwise. Others give a ctime that is no such thing: an image holds whatever its maker wrote into it, and FUSE, SMB,
 * FAT and 9p often repeat the mtime.
 */

import { readFileSync, statfsSync } from 'node:fs';
import { errorCode } from '../base/error-code.ts';
import { systemPath } from './file-names.ts';

export interface FileSystem {
  /** Magic number (statfs(2)). */
  readonly type: number;
  /** The disk or image that is in the device now, and no other one since the machine started; null where Linux does not say. */
  readonly medium: string | null;
}

/** On a disk of this machine, or in its memory: ext, XFS, Btrfs, ZFS, tmpfs, overlay. Their clock is ours, and nobody else writes there. */
export const LOCAL: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0x01021994, 0x794c7630]);

/** squashfs, EROFS, ISO 9660, cramfs, romfs: nothing in them changes, but another image may be mounted in their place. */
const IMAGES: ReadonlySet<number> = new Set([0x73717368, 0xe0f5e1e2, 0x9660, 0x28cd3d45, 0x7275]);

/** FUSE, SMB, CIFS, SMB2, FAT, exFAT, UDF, 9p, VirtualBox, VMware, HFS, NTFS, procfs, sysfs. */
const UNRELIABLE: ReadonlySet<number> = new Set([
  0x65735546, 0x517b, 0xff534d42, 0xfe534d42, 0x4d44, 0x2011bab0, 0x15013346, 0x01021997, 0x786f4256, 0xbacbacbc,
  0x4244, 0x5346544e, 0x9fa0, 0x62656572,
]);

const SECOND = 1_000_000_000n;

/**
 * What the times of a file prove. `change`: its content is what it was while they stand. `medium`: the same, while the
 * same medium is there too. `nothing`: it may change and look the same. A ctime of whole seconds is coarse, or was
 * written by whoever made the image: only the medium can then tell one image from the next.
 */
export function worthOf(ctimeNs: bigint, { type, medium }: FileSystem): 'change' | 'medium' | 'nothing' {
  if (UNRELIABLE.has(type)) return 'nothing';
  if (!IMAGES.has(type) && ctimeNs % SECOND !== 0n) return 'change';
  return medium === null ? 'nothing' : 'medium';
}

/** Some file systems stamp with whole seconds. */
export const grainOf = (ctimeNs: bigint): bigint => (ctimeNs % SECOND === 0n ? SECOND : 0n);

/** The others stamp with the tick of the kernel's clock: a second change within one looks like none. */
export const doubtOf = (ctimeNs: bigint): bigint => grainOf(ctimeNs) + 20_000_000n;

/** How long what was found of a device counts. A run with nothing to do asks once; a later moment may find another disk. */
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

/** The file may be gone by now, and nothing can be said of where it was. */
function typeAt(path: string): number {
  try {
    return statfsSync(systemPath(path)).type;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return Number.NaN;
    throw error;
  }
}

/** Linux counts each disk and image that it attaches, and names each time that it starts. */
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
