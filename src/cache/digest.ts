/** Digests: SHA-256 of content, as 64 hex digits. */
import { createHash, type Hash, hash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

export type Digest = string & { readonly brand: 'Digest' };

/** Large enough that hashing, not calling, is what takes the time (1.35 GB/s). */
const CHUNK = 4 << 20;

export const digestOf = (content: string | Uint8Array): Digest => hash('sha256', content, 'hex') as Digest;

export const startDigest = (): Hash => createHash('sha256');
export const endDigest = (started: Hash): Digest => started.digest('hex') as Digest;

/** Digest of a file of any size, without blocking longer than one chunk. */
export async function digestOfFile(path: string): Promise<Digest> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    const hashing = startDigest();
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null);
      if (bytesRead === 0) return endDigest(hashing);
      hashing.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** The same, in one go: for the small files of a folder and for worker threads. */
export function digestOfFileSync(path: string): Digest {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    const hashing = startDigest();
    for (;;) {
      const read = readSync(fd, buffer, 0, CHUNK, null);
      if (read === 0) return endDigest(hashing);
      hashing.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(fd);
  }
}

/** Paths of all regular files below a folder, relative, `/`-separated, in code-unit order. */
export function filesBelow(folder: string): string[] {
  const found: string[] = [];
  const visit = (relative: string) => {
    for (const entry of readdirSync(join(folder, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else found.push(path);
    }
  };
  visit('');
  return found.sort();
}

/** Digest of a folder: that of its sorted path-digest pairs, so names and contents count and times do not. */
export function digestOfPairs(pairs: readonly { readonly path: string; readonly digest: Digest }[]): Digest {
  const sorted = [...pairs].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return digestOf(JSON.stringify(sorted.map(({ path, digest }) => ({ path, digest }))));
}
