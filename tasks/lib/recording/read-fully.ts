/** Reading a stretch of a file whole. */
import { readSync } from 'node:fs';

/** One read may stop at 2 GB. */
const largestRead = 1 << 30;

/** Fills `bytes` from `position` on; returns how many bytes there were, fewer only at the end of the file. */
export function readFully(fd: number, bytes: Uint8Array, position: number): number {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, largestRead);
    const read = readSync(fd, bytes, done, length, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
