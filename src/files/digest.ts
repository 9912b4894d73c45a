/** Digests: SHA-256 of content, as 64 hex digits. */
import { createHash, type Hash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { below } from './below.ts';
import { systemPath } from './file-names.ts';

export type Digest = string & { readonly brand: 'Digest' };

/** Large enough that hashing, not calling, is what takes the time (1.35 GB/s). */
const CHUNK = 4 << 20;

/** Read in one go, for waiting for another thread takes longer. */
const SMALL = 64 << 10;

/** No larger than the file needs: to make room for a chunk takes longer than to read a small file. */
const bufferFor = ({ size }: Stats): Buffer => Buffer.allocUnsafe(Math.min(CHUNK, Math.max(size, 1)));

export const digestOf = (content: string | Uint8Array): Digest => hash('sha256', content, 'hex') as Digest;

export const startDigest = (): Hash => createHash('sha256');
export const endDigest = (started: Hash): Digest => started.digest('hex') as Digest;

/** Opening a pipe that took the file's place just now must not wait for whoever writes into it. */
const TO_READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** Digest of a file of any size, without blocking longer than one chunk. Links are followed. */
export const digestOfFile = async (path: string): Promise<Digest> => (await digestWhile(path, () => true)) as Digest;

/** The same, or undefined once `stands` says that it is of no use any more: it is asked before each chunk. */
export async function digestWhile(path: string, stands: () => boolean): Promise<Digest | undefined> {
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
    // The next chunk is read while one is hashed.
    let reading = read(0);
    for (let turn = 1; ; turn = 1 - turn) {
      const { bytesRead, buffer } = await reading;
      if (!stands()) return undefined;
      if (bytesRead === 0) return endDigest(hashing);
      reading = read(turn);
      hashing.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** All bytes of a file; undefined where there are more than its size says. */
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

/** A pipe or a device would block, never end, or give other bytes the next time; a link to a folder may lead in a circle. */
function requireRegular(path: string, found: Stats): Stats {
  if (found.isFile()) return found;
  const message = found.isDirectory()
    ? `${path} is a link to a folder, expected a regular file; put the folder itself there`
    : `${path} is a pipe, a socket or a device, expected a regular file; copy what it gives into one`;
  throw notSupported(message);
}

/** A failure of the file system's kind, with a sentence of ours. */
export const notSupported = (message: string): Error => Object.assign(new Error(message), { code: 'ENOTSUP' });

/** The same, in one go: for the small files of a folder and for worker threads. `NOFOLLOW` refuses a link. */
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

/** Paths of everything below a folder but folders: relative, `/`-separated, in code-unit order. */
export function filesBelow(folder: string, onFolder: (path: string) => void = () => {}): string[] {
  const { files, links, others } = below(folder, onFolder);
  return [...files, ...links, ...others].sort();
}
