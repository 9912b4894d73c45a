/** Reads a stored file to send it, and makes sure that nobody else gets what was damaged here. */
import { createReadStream } from 'node:fs';
import { type Digest, endDigest, startDigest } from '../files/digest.ts';

export class BlobDamaged extends Error {}

const CHUNK = 1 << 20;

/**
 * The bytes of a file. The last of them come only when all of them have the digest, so that the server never gets a
 * whole body of anything else.
 *
 * @throws BlobDamaged
 */
export async function* checkedBytes(path: string, digest: Digest): AsyncGenerator<Uint8Array> {
  const hashing = startDigest();
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
      if (held) yield held;
      hashing.update(chunk);
      held = chunk;
    }
  } catch (error) {
    throw new BlobDamaged(`${digest} cannot be read from the store: ${(error as Error).message}`);
  }
  if (endDigest(hashing) !== digest) throw new BlobDamaged(`${digest} is damaged in the store`);
  if (held) yield held;
}
