/** The free space of a disk, shared by downloads that run at the same time. */
import { statfsSync } from 'node:fs';

export interface DiskSpace {
  /** Reserves bytes until the returned function is called; returns the number of free bytes if there are too few. */
  reserve(bytes: number): (() => void) | { readonly free: number };
}

export function diskSpace(folder: string): DiskSpace {
  let reserved = 0;
  return {
    reserve(bytes) {
      const { bavail, bsize } = statfsSync(folder);
      const free = Math.max(0, bavail * bsize - reserved);
      if (bytes > free) return { free };
      reserved += bytes;
      return () => {
        reserved -= bytes;
      };
    },
  };
}
