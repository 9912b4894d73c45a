import { readSync } from 'node:fs';

/** Linux stops a single read at 2 GB. */
const MAX_READ = 1 << 30;

/** Fills `bytes` from `position` on; returns the number of bytes read, fewer only at the end of the file. */
export function readFully(fd: number, bytes: Uint8Array, position: number): number {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, MAX_READ);
    const read = readSync(fd, bytes, done, length, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
