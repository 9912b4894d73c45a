/** Makes small archives for tests: a tar of named contents as bytes, and its gzip file in a folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { temporaryFolder } from './run-task.ts';

export type Member = readonly [name: string, content: string | Uint8Array, header?: Partial<Header>];

export async function tar(members: readonly Member[]): Promise<Buffer> {
  const packed = pack();
  for (const [name, content, header] of members) packed.entry({ name, ...header }, Buffer.from(content));
  packed.finalize();
  return buffer(packed);
}

/** Writes `2099_patch1.tar.gz` with these bytes and returns its path. */
export function archiveOf(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), '2099_patch1.tar.gz');
  writeFileSync(path, bytes);
  return path;
}

export const gzippedTar = async (members: readonly Member[]): Promise<string> =>
  archiveOf(gzipSync(await tar(members)));
