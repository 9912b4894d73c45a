/** How much may come out of an archive, so that a few kilobytes of it cannot fill memory or disk. */
import { Transform } from 'node:stream';
import { DataError } from 'groundproof/task';

/** A recording shrinks to about two thirds, deflate makes at best a thousandth. */
const mostTimes = 100;
/** What any archive may hold: five minutes of a small array without a signal shrink much. */
const always = 256 << 20;

/** The bytes that an archive of `size` bytes may inflate to. */
export const mostInflated = (size: number): number => Math.max(always, mostTimes * size);

/** Counts what passes, and ends it with a DataError beyond that. */
export function boundedPassage(archive: string, size: number): { readonly stream: Transform; bytes(): number } {
  const most = mostInflated(size);
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > most) done(inflated(archive, size, most));
      else done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes };
}

const inflated = (archive: string, size: number, most: number): DataError =>
  new DataError(
    `${archive} (${size} bytes) inflates to more than ${most} bytes, the most that is taken from one of its size: ` +
      'no recording is that regular; it is damaged, or made to fill the disk',
  );
