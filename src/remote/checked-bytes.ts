/** Reads a stored file to send it, so that content that was damaged here reaches nobody else. */
import { createReadStream } from 'node:fs';
import { type Digest, endDigest, startDigest } from '../files/digest.ts';

export class BlobDamaged extends Error {}

const CHUNK = 1 << 20;

/**
 * Yields the last chunk only if the whole file has the digest, so that the server never gets a complete body of damaged
 * content.
 *
 * @throws BlobDamaged
 */
export async function* checkedBytes(path: string, digest: Digest): AsyncGenerator<Uint8Array> {
  const hashing = startDigest();
  let last: Uint8Array | undefined;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
      if (last) yield last;
      hashing.update(chunk);
      last = chunk;
    }
  } catch (error) {
    throw new BlobDamaged(`${digest} cannot be read from the store: ${(error as Error).message}`);
  }
  if (endDigest(hashing) !== digest) throw new BlobDamaged(`${digest} is damaged in the store`);
  if (last) yield last;
}
