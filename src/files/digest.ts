/** Digests: SHA-256 of content, as 64 hex digits. */
import { createHash, type Hash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemPath } from './file-names.ts';
import { listBelow } from './list-folder.ts';

export type Digest = string & { readonly brand: 'Digest' };

/** Bytes. So large that hashing takes the time (1.35 GB/s), not the calls. */
const CHUNK = 4 << 20;

/** Bytes. Smaller files are read synchronously, because waiting for another thread takes longer. */
const SMALL = 64 << 10;

/** No larger than the file: allocating a whole chunk takes longer than reading a small file. */
const bufferFor = ({ size }: Stats): Buffer => Buffer.allocUnsafe(Math.min(CHUNK, Math.max(size, 1)));

export const digestOf = (content: string | Uint8Array): Digest => hash('sha256', content, 'hex') as Digest;

export const startDigest = (): Hash => createHash('sha256');
export const endDigest = (started: Hash): Digest => started.digest('hex') as Digest;

/** Non-blocking: if a pipe has just replaced the file, opening it must not wait for a writer. */
const TO_READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** Digest of a file of any size. Blocks for at most a chunk. Follows links. */
export const digestOfFile = async (path: string): Promise<Digest> => (await digestWhile(path, () => true)) as Digest;

/** Like `digestOfFile`, but stops and returns undefined once `isWanted`, called before each chunk, returns false. */
export async function digestWhile(path: string, isWanted: () => boolean): Promise<Digest | undefined> {
  const found = requireRegular(path, statSync(systemPath(path)));
  if (found.size <= SMALL) {
    const bytes = readWhole(path, found.size);
    if (bytes) return digestOf(bytes);
  }
  const handle = await open(systemPath(path), TO_READ);
  try {
    requireRegular(path, await handle.stat());
    const hashing = startDigest();
    const buffers: Buffer[] = [];
    const read = (turn: number) => {
      buffers[turn] ??= bufferFor(found);
      return handle.read(buffers[turn], { position: null });
    };
    // Read the next chunk while this chunk is hashed.
    let reading = read(0);
    for (let turn = 1; ; turn = 1 - turn) {
      const { bytesRead, buffer } = await reading;
      if (!isWanted()) return undefined;
      if (bytesRead === 0) return endDigest(hashing);
      reading = read(turn);
      hashing.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** All bytes of a file; undefined if the file has grown beyond `size`. */
function readWhole(path: string, size: number): Uint8Array | undefined {
  const fd = openSync(systemPath(path), TO_READ);
  try {
    requireRegular(path, fstatSync(fd));
    const buffer = Buffer.allocUnsafe(size + 1);
    for (let filled = 0; ; ) {
      const read = readSync(fd, buffer, filled, buffer.length - filled, null);
      filled += read;
      if (read === 0) return buffer.subarray(0, filled);
      if (filled === buffer.length) return undefined;
    }
  } finally {
    closeSync(fd);
  }
}

/** Refuses pipes and devices, which block, never end or give other bytes each time, and links to folders, which may form a cycle. */
function requireRegular(path: string, found: Stats): Stats {
  if (found.isFile()) return found;
  const message = found.isDirectory()
    ? `${path} is a link to a folder, expected a regular file; put the folder itself there`
    : `${path} is a pipe, a socket or a device, expected a regular file; copy what it gives into one`;
  throw notSupported(message);
}

/** An error with our own message that counts as a file-system failure. */
export const notSupported = (message: string): Error => Object.assign(new Error(message), { code: 'ENOTSUP' });

/** Like `digestOfFile`, but synchronous: for the small files of a folder and for worker threads. `NOFOLLOW` refuses links. */
export function digestOfFileSync(path: string, links: 'FOLLOW' | 'NOFOLLOW' = 'FOLLOW'): Digest {
  const fd = openSync(systemPath(path), links === 'NOFOLLOW' ? TO_READ | constants.O_NOFOLLOW : TO_READ);
  try {
    const buffer = bufferFor(requireRegular(path, fstatSync(fd)));
    const hashing = startDigest();
    for (;;) {
      const read = readSync(fd, buffer, 0, buffer.length, null);
      if (read === 0) return endDigest(hashing);
      hashing.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(fd);
  }
}

/** Paths of all entries below a folder except folders: relative, `/`-separated, in code-unit order. */
export function filesBelow(folder: string, onFolder: (path: string) => void = () => {}): string[] {
  const { files, links, others } = listBelow(folder, onFolder);
  return [...files, ...links, ...others].sort();
}
