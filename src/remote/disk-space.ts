/** How much may be downloaded: what is free on a disk, less what is already promised to other downloads. */
import { statfsSync } from 'node:fs';

export interface DiskRoom {
  /** Sets so many bytes aside until the returned function is called; how many are free, where there are not enough. */
  reserve(bytes: number): (() => void) | { readonly free: number };
}

export function diskRoom(folder: string): DiskRoom {
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
