/** Gives a result to a remote cache: what is not there yet, blobs first and the record last. */
import { join } from 'node:path';
import type { Digest } from '../cache/digest.ts';
import type { StorePaths } from '../cache/store-paths.ts';
import type { StoredResult } from '../cache/stored-result.ts';
import { err, ok, type Result } from '../result.ts';
import { encodeActionResult, type OutputFile } from './action-result.ts';
import { checkedBytes } from './checked-bytes.ts';
import { recordText } from './record.ts';
import { blobPath, type RemoteCache, resultPath } from './remote-cache.ts';
import type { Trouble } from './trouble.ts';

interface StoredFile extends OutputFile {
  /** Where it lies in the store. */
  readonly from: string;
}

/** Resolves with the bytes that were sent, when none of it is underway any more. */
export async function publish(
  cache: RemoteCache,
  store: Pick<StorePaths, 'blob'>,
  result: StoredResult,
  signal: AbortSignal,
): Promise<Result<number, Trouble>> {
  const files = filesOf(result, store);
  const blobs = [...new Map(files.map((file) => [file.digest, file])).values()];
  const sent = await Promise.all(blobs.map((file) => send(cache, file, signal)));
  let bytes = 0;
  for (const one of sent) {
    if (!one.ok) return one;
    bytes += one.value;
  }
  const record = encodeActionResult(files, recordText(result));
  const put = await cache.put(resultPath(result.key), record.length, () => record, signal);
  return put.ok ? ok(bytes + record.length) : put;
}

async function send(
  cache: RemoteCache,
  { digest, size, from }: StoredFile,
  signal: AbortSignal,
): Promise<Result<number, Trouble>> {
  const there = await cache.has(blobPath(digest), signal);
  if (!there.ok || there.value) return there.ok ? ok(0) : err(there.error);
  const put = await cache.put(blobPath(digest), size, () => checkedBytes(from, digest), signal);
  return put.ok ? ok(size) : put;
}

/** All files of a result, with the paths that they have in `out/`. */
function filesOf({ outputs }: StoredResult, store: Pick<StorePaths, 'blob'>): StoredFile[] {
  return Object.entries(outputs).flatMap(([port, output]) => {
    if (output === null) return [];
    const file = (path: string, blob: Digest, within: string, digest: Digest, size: number): StoredFile => {
      return { path, digest, size, from: join(store.blob(blob), within) };
    };
    return [
      ...output.files.map(({ path, digest, size }) =>
        file(output.kind === 'folder' ? `${port}/${path}` : port + output.extension, output.digest, path, digest, size),
      ),
      ...output.siblings.map(({ extension, digest, file: { size } }) =>
        file(port + extension, digest, '', digest, size),
      ),
    ];
  });
}

/** How much there is to send at most. */
export const bytesOf = ({ outputs }: StoredResult): number =>
  Object.values(outputs)
    .flatMap((output) => (output ? [...output.files, ...output.siblings.map(({ file }) => file)] : []))
    .reduce((sum, { size }) => sum + size, 0);
