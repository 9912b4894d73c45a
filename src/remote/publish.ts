/** Uploads a result to a remote cache: first the content that is missing there, last the record that names it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import type { StorePaths } from '../store/layout.ts';
import type { StoredResult } from '../store/result.ts';
import { encodeActionResult, type OutputFile } from './action-result.ts';
import { checkedBytes } from './checked-bytes.ts';
import { namesProblem } from './folder-names.ts';
import { blobPath, type RemoteCache, resultPath } from './remote-cache.ts';
import { recordText } from './result-text.ts';
import type { Trouble } from './trouble.ts';

interface StoredFile extends OutputFile {
  /** Its path in the store. */
  readonly from: string;
}

interface Destination {
  readonly cache: RemoteCache;
  readonly signal: AbortSignal;
  /** Whether to send content even if the server has some under this digest. */
  isReplaced(digest: Digest): boolean;
  /** Resolves once no running action can spoil the result any more. */
  readonly settled: Promise<void>;
}

/**
 * Resolves with the number of bytes sent, when no upload runs any more. A result counts as sent only if the server then
 * has all of it.
 */
export async function publish(
  to: Destination,
  store: Pick<StorePaths, 'blob' | 'result'>,
  result: StoredResult,
): Promise<Result<number, Trouble>> {
  const problem = problemIn(result);
  if (problem !== undefined) return err({ trouble: 'entry', message: problem });
  const files = filesOf(result, store);
  const blobs = [...new Map(files.map((file) => [file.digest, file])).values()];
  const sent = await Promise.all(blobs.map((file) => send(to, file)));
  let bytes = 0;
  for (const upload of sent) {
    if (!upload.ok) return upload;
    bytes += upload.value;
  }
  await to.settled;
  // A result that was dropped meanwhile was made from damaged content: nobody else may get it.
  if (!existsSync(store.result(result.key))) {
    return err({ trouble: 'entry', message: 'the store no longer has it' });
  }
  const record = encodeActionResult(files, recordText(result));
  const path = resultPath(result.key);
  const put = await to.cache.put(path, { size: record.length, body: () => record }, to.signal);
  if (!put.ok) return put;
  // Servers write the record again, so do not compare its size.
  const there = await to.cache.find(path, to.signal);
  if (!there.ok) return there;
  return there.value ? ok(bytes + record.length) : err(NOT_KEPT);
}

/** Tells why every reader would refuse the result. Undefined if readers accept it. */
function problemIn({ outputs }: StoredResult): string | undefined {
  for (const [port, output] of Object.entries(outputs)) {
    if (output?.kind !== 'folder') continue;
    const problem = namesProblem([...output.files.map(({ path }) => path), ...(output.emptyFolders ?? [])]);
    if (problem !== undefined) return `its output ${port} has ${problem}, which no remote cache carries`;
  }
  return undefined;
}

const NOT_KEPT: Trouble = { trouble: 'write', message: 'it accepts results and does not have them afterwards' };

async function send(to: Destination, { digest, size, from }: StoredFile): Promise<Result<number, Trouble>> {
  const { cache, signal } = to;
  const path = blobPath(digest);
  const has = async (): Promise<Result<boolean, Trouble>> => {
    const found = await cache.find(path, signal);
    return found.ok ? ok(found.value !== undefined && (found.value.size ?? size) === size) : found;
  };
  if (!to.isReplaced(digest)) {
    const before = await has();
    if (!before.ok) return before;
    if (before.value) return ok(0);
  }
  const put = await cache.put(path, { size, body: () => checkedBytes(from, digest) }, signal);
  if (!put.ok) return put;
  const after = await has();
  if (!after.ok) return after;
  return after.value ? ok(size) : err(NOT_KEPT);
}

/** All files of a result, with the paths that they have in `out/`. */
function filesOf({ outputs }: StoredResult, store: Pick<StorePaths, 'blob'>): StoredFile[] {
  return Object.entries(outputs).flatMap(([port, output]) => {
    if (output === null) return [];
    const inFolder = (path: string) => (output.kind === 'folder' ? `${port}/${path}` : port + output.extension);
    return [
      ...output.files.map(({ path, digest, size, executable = false }) => ({
        path: inFolder(path),
        digest,
        size,
        executable,
        from: join(store.blob(output.digest), path),
      })),
      ...output.siblings.map(({ extension, digest, file: { size } }) => ({
        path: port + extension,
        digest,
        size,
        executable: false,
        from: store.blob(digest),
      })),
    ];
  });
}

/** An upper bound of the amount to send. */
export function amountOf({ outputs }: StoredResult): { readonly files: number; readonly bytes: number } {
  const files = Object.values(outputs).flatMap((output) =>
    output ? [...output.files, ...output.siblings.map(({ file }) => file)] : [],
  );
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}
