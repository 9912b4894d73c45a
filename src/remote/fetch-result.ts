/** Downloads a result into the store: reads the record with care, checks every blob, and publishes the result last. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LimitFunction } from 'p-limit';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import { makeFolder } from '../files/make-folder.ts';
import { findStoredFile, findStoredFolder, storeFile, storeFolder } from '../store/blob.ts';
import type { Store } from '../store/layout.ts';
import { publishResult, type StoredOutput, type StoredResult } from '../store/result.ts';
import { stdoutOf } from './action-result.ts';
import type { DiskSpace } from './disk-space.ts';
import { holdsExactly } from './folder-names.ts';
import { type Content, type RemoteCache, resultPath } from './remote-cache.ts';
import { type RemoteOutput, type RemoteResult, readRecord, type WantedResult } from './result-text.ts';
import type { Trouble } from './trouble.ts';

/** About twice the record of a folder with 100,000 files. */
const MOST_RECORD_BYTES = 64e6;
/** Enough for a result without such a folder. Many of these may be read at once. */
const SMALL_RECORD_BYTES = 1e6;

type StoredBlob = Pick<StoredOutput, 'files' | 'folders' | 'emptyFolders'>;

/** A blob on its way into the store. */
interface PendingBlob {
  /** Empty if the store has the blob. */
  readonly downloads: readonly Download[];
  /** Whether the file system holds the downloaded files under exactly their names. */
  isWhole(): boolean;
  /** Moves the downloads into the store. */
  moveIn(): StoredBlob;
}

type Download = Content & { readonly to: string };

/** The cache to take results from, and the store to put them in. */
export interface Source {
  readonly cache: RemoteCache;
  readonly store: Store;
  readonly disk: DiskSpace;
  /** Limits large records to a single download: in memory each takes several times its size. */
  readonly large: LimitFunction;
}

/** The download of a result. */
export interface Transfer {
  readonly wanted: WantedResult;
  /** Created for the downloads. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Called with the fraction that has arrived. */
  onProgress(fraction: number): void;
  /** Called once the record is read. */
  onFound(found: FoundResult): void;
}

export interface FoundResult {
  /** The time that the execution took. */
  readonly milliseconds: number;
  /** The amount to download. */
  readonly bytes: number;
  readonly files: number;
}

type Fetched = Result<{ readonly result: StoredResult; readonly bytes: number } | undefined, Trouble>;

/** Undefined if the cache has no such result. Changes the store only once all content has arrived and is sound. */
export async function fetchResult(source: Source, transfer: Transfer): Promise<Fetched> {
  const path = resultPath(transfer.wanted.key);
  const entry = await source.cache.get(path, SMALL_RECORD_BYTES, transfer.signal);
  if (!entry.ok || entry.value === undefined) return entry as Result<undefined, Trouble>;
  if (entry.value !== 'too-large') return takeRecord(source, transfer, entry.value);
  return source.large(async () => {
    const whole = await source.cache.get(path, MOST_RECORD_BYTES, transfer.signal);
    if (!whole.ok || whole.value === undefined) return whole as Result<undefined, Trouble>;
    return whole.value === 'too-large' ? noResult('it is too large') : takeRecord(source, transfer, whole.value);
  });
}

const noResult = (why: string): Result<never, Trouble> =>
  err({ trouble: 'entry', message: `its entry is unusable: ${why}` });

async function takeRecord(source: Source, transfer: Transfer, entry: Uint8Array): Promise<Fetched> {
  const { wanted, folder, onFound } = transfer;
  const record = stdoutOf(entry);
  const read = record ? readRecord(record, wanted) : err('it is not an ActionResult with a record');
  if (!read.ok) return noResult(read.error);

  mkdirSync(folder);
  const blobs = new Map<string, PendingBlob>();
  for (const [port, output] of Object.entries(read.value.outputs)) {
    for (const blob of output ? blobsOf(output) : []) {
      const at = join(folder, String(blobs.size));
      blobs.set(nameOf(port, blob.extension), await pendingBlob(source.store, blob, at));
    }
  }
  const downloads = [...blobs.values()].flatMap((blob) => blob.downloads);
  const total = downloads.reduce((sum, { size }) => sum + size, 0);
  const reserved = source.disk.reserve(total);
  if (typeof reserved !== 'function') {
    return noResult(`it would have ${total} bytes, and ${reserved.free} are free on the disk`);
  }
  try {
    onFound({ milliseconds: read.value.milliseconds, bytes: total, files: downloads.length });
    const downloaded = await downloadAll(source.cache, transfer, downloads, total);
    if (!downloaded.ok) return downloaded;
    if (![...blobs.values()].every((blob) => blob.isWhole())) {
      return noResult('this file system cannot hold the names of its files');
    }
    const result = moveIntoStore(read.value, blobs, wanted);
    await publishResult(source.store, result);
    return ok({ result, bytes: entry.length + downloaded.value });
  } finally {
    reserved();
  }
}

function moveIntoStore(
  read: RemoteResult,
  blobs: ReadonlyMap<string, PendingBlob>,
  { preimage }: WantedResult,
): StoredResult {
  const stored = (port: string, extension: string): StoredBlob =>
    blobs.get(nameOf(port, extension))?.moveIn() ?? { files: [] };
  const outputs = Object.entries(read.outputs).map(([port, output]) => {
    if (output === null) return [port, null] as const;
    const siblings = output.siblings.flatMap(({ extension, digest }) =>
      stored(port, extension).files.map((file) => ({ extension, digest, file })),
    );
    return [port, { ...output, ...stored(port, OUTPUT_ITSELF), siblings } satisfies StoredOutput] as const;
  });
  return { ...read, preimage, outputs: Object.fromEntries(outputs) };
}

interface RemoteBlob extends Pick<RemoteOutput, 'kind' | 'files' | 'emptyFolders'> {
  /** Of a sibling; `OUTPUT_ITSELF` for the output. */
  readonly extension: string;
}

const OUTPUT_ITSELF = '';
const nameOf = (port: string, extension: string): string => `${port}/${extension}`;

const blobsOf = ({ siblings, ...output }: RemoteOutput): readonly RemoteBlob[] => [
  { ...output, extension: OUTPUT_ITSELF },
  ...siblings.map(({ extension, digest, size }) => ({
    extension,
    kind: 'file' as const,
    files: [{ path: '', digest, size }],
  })),
];

async function pendingBlob(
  store: Store,
  { kind, files, emptyFolders = [] }: RemoteBlob,
  at: string,
): Promise<PendingBlob> {
  const downloads = files.map(({ path, digest, size }) => ({ digest, size, to: join(at, path) }));
  const isWhole = () => true;
  if (kind === 'folder') {
    const tree = { files, emptyFolders };
    const stored = await findStoredFolder(store, tree);
    if (stored) return { downloads: [], isWhole, moveIn: () => stored };
    for (const folder of ['', ...emptyFolders]) makeFolder(join(at, folder));
    return {
      downloads,
      isWhole: () => holdsExactly(at, [...files.map(({ path }) => path), ...emptyFolders]),
      moveIn: () => storeFolder(store, at, files, emptyFolders),
    };
  }
  const stored = await Promise.all(files.map((file) => findStoredFile(store, file)));
  const found = stored.filter((file) => file !== undefined);
  if (found.length === files.length) return { downloads: [], isWhole, moveIn: () => ({ files: found }) };
  const moveIn = () => ({ files: files.map((file) => storeFile(store, at, file.digest, file)) });
  return { downloads, isWhole, moveIn };
}

/** Downloads all files, or stops at the first failure. Resolves, when no download runs any more, with the bytes received. */
async function downloadAll(
  cache: RemoteCache,
  { signal, onProgress }: Transfer,
  files: readonly Download[],
  total: number,
): Promise<Result<number, Trouble>> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  let [bytes, percent] = [0, 0];
  const onBytes = (more: number) => {
    bytes += more;
    if (Math.floor((100 * bytes) / total) === percent) return;
    percent = Math.floor((100 * bytes) / total);
    onProgress(Math.min(1, bytes / total));
  };
  const all = await Promise.all(
    files.map(async ({ to, ...file }): Promise<Result<void, Trouble>> => {
      makeFolder(dirname(to));
      const got = await cache.download(file, to, { signal: stop, onBytes });
      if (got.ok && got.value) return ok(undefined);
      failed.abort();
      return err(got.ok ? gone(file.digest) : got.error);
    }),
  );
  // The first trouble interrupted the other downloads.
  const troubles = all.flatMap((download) => (download.ok ? [] : [download.error]));
  const trouble = troubles.find(({ trouble }) => trouble !== 'interrupted') ?? troubles[0];
  return trouble ? err(trouble) : ok(bytes);
}

const gone = (digest: Digest): Trouble => ({
  trouble: 'entry',
  message: `its content under ${digest} is not there any more`,
});
