/** Limits the inflated size of an archive, so that a few kilobytes cannot fill memory or disk. */
import { Transform } from 'node:stream';
import { DataError } from 'groundproof/task';

/** Largest ratio of inflated to compressed size. A recording has about 1.5; deflate reaches 1,000 at most. */
const MAX_RATIO = 100;
/** Bytes allowed to an archive of any size: five minutes of a small array without a signal compress extremely well. */
const MIN_LIMIT = 256 << 20;

/** Largest size in bytes to which an archive of `size` bytes may inflate. */
export const maxInflated = (size: number): number => Math.max(MIN_LIMIT, MAX_RATIO * size);

/** A stream that passes bytes on, counts them, and fails with a DataError beyond `maxInflated`. */
export function boundedPassage(archive: string, size: number): { readonly stream: Transform; bytes(): number } {
  const max = maxInflated(size);
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes > max) done(inflatesTooMuch(archive, size, max));
      else done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes };
}

const inflatesTooMuch = (archive: string, size: number, max: number): DataError =>
  new DataError(
    `${archive} (${size} bytes) inflates to more than ${max} bytes, the most that is taken from one of its size: ` +
      'no recording is that regular; it is damaged, or made to fill the disk',
  );
