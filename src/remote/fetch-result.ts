/** Takes a result from a remote cache into the store: the record read with care, every blob checked, the result last. */
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
import type { DiskRoom } from './disk-space.ts';
import { holdsExactly } from './folder-names.ts';
import { type Content, type RemoteCache, resultPath } from './remote-cache.ts';
import { type Asked, type RemoteOutput, type RemoteResult, readRecord } from './result-text.ts';
import type { Trouble } from './trouble.ts';

/** A record of a folder with 100,000 files has about half of it. */
const MOST_RECORD_BYTES = 64e6;
/** A record of a result that is no such folder. Many of these may be read at once. */
const SMALL_RECORD_BYTES = 1e6;

/** The stored facts of a blob. */
type Kept = Pick<StoredOutput, 'files' | 'folders' | 'emptyFolders'>;

/** A blob to be kept: what has to be downloaded for it, and how it is kept then. */
interface Wanted {
  readonly downloads: readonly Download[];
  /** Whether the file system holds the files under the names that they should have. */
  isWhole(): boolean;
  keep(): Kept;
}

type Download = Content & { readonly to: string };

/** Where results are taken from and to. */
export interface Source {
  readonly cache: RemoteCache;
  readonly store: Store;
  readonly room: DiskRoom;
  /** Takes large records one after the other: in memory each is several times its size. */
  readonly large: LimitFunction;
}

/** One result on its way. */
export interface Taking {
  readonly asked: Asked;
  /** Is made for the downloads. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Hears the fraction that is here. */
  progress(fraction: number): void;
  /** Hears how long the result took to make, once that is known, and what is to be downloaded. */
  found(milliseconds: number, bytes: number, files: number): void;
}

type Fetched = Result<{ readonly result: StoredResult; readonly bytes: number } | undefined, Trouble>;

/** Undefined when the cache has no such result. Nothing is kept before all of it is here and sound. */
export async function fetchResult(source: Source, taking: Taking): Promise<Fetched> {
  const path = resultPath(taking.asked.key);
  const entry = await source.cache.get(path, SMALL_RECORD_BYTES, taking.signal);
  if (!entry.ok || entry.value === undefined) return entry as Result<undefined, Trouble>;
  if (entry.value !== 'too-large') return takeRecord(source, taking, entry.value);
  return source.large(async () => {
    const whole = await source.cache.get(path, MOST_RECORD_BYTES, taking.signal);
    if (!whole.ok || whole.value === undefined) return whole as Result<undefined, Trouble>;
    return whole.value === 'too-large' ? noResult('it is too large') : takeRecord(source, taking, whole.value);
  });
}

const noResult = (why: string): Result<never, Trouble> =>
  err({ trouble: 'entry', message: `what is there is no result of it: ${why}` });

async function takeRecord(source: Source, taking: Taking, entry: Uint8Array): Promise<Fetched> {
  const { asked, folder, found } = taking;
  const record = stdoutOf(entry);
  const read = record ? readRecord(record, asked) : err('it is not in the form of one');
  if (!read.ok) return noResult(read.error);

  mkdirSync(folder);
  const wanted = new Map<string, Wanted>();
  for (const [port, output] of Object.entries(read.value.outputs)) {
    for (const blob of output ? blobsOf(output) : []) {
      const at = join(folder, String(wanted.size));
      wanted.set(nameOf(port, blob.extension), await want(source.store, blob, at));
    }
  }
  const downloads = [...wanted.values()].flatMap((one) => one.downloads);
  const total = downloads.reduce((sum, { size }) => sum + size, 0);
  const reserved = source.room.reserve(total);
  if (typeof reserved !== 'function') {
    return noResult(`it would have ${total} bytes, and ${reserved.free} are free on the disk`);
  }
  try {
    found(read.value.milliseconds, total, downloads.length);
    const downloaded = await downloadAll(source.cache, taking, downloads, total);
    if (!downloaded.ok) return downloaded;
    if (![...wanted.values()].every((one) => one.isWhole())) {
      return noResult('this file system cannot hold the names of its files');
    }
    const result = keepResult(read.value, wanted, asked);
    await publishResult(source.store, result);
    return ok({ result, bytes: entry.length + downloaded.value });
  } finally {
    reserved();
  }
}

/** Moves all blobs into the store. */
function keepResult(read: RemoteResult, wanted: ReadonlyMap<string, Wanted>, { preimage }: Asked): StoredResult {
  const kept = (port: string, extension: string): Kept => wanted.get(nameOf(port, extension))?.keep() ?? { files: [] };
  const outputs = Object.entries(read.outputs).map(([port, output]) => {
    if (output === null) return [port, null] as const;
    const siblings = output.siblings.flatMap(({ extension, digest }) =>
      kept(port, extension).files.map((file) => ({ extension, digest, file })),
    );
    return [port, { ...output, ...kept(port, OWN), siblings } satisfies StoredOutput] as const;
  });
  return { ...read, preimage, outputs: Object.fromEntries(outputs) };
}

interface Blob extends Pick<RemoteOutput, 'kind' | 'files' | 'emptyFolders'> {
  /** Of a sibling. */
  readonly extension: string;
}

/** Stands for an output itself, where its siblings have their extension. */
const OWN = '';
const nameOf = (port: string, extension: string): string => `${port}/${extension}`;

const blobsOf = ({ siblings, ...output }: RemoteOutput): readonly Blob[] => [
  { ...output, extension: OWN },
  ...siblings.map(({ extension, digest, size }) => ({
    extension,
    kind: 'file' as const,
    files: [{ path: '', digest, size }],
  })),
];

async function want(store: Store, { kind, files, emptyFolders = [] }: Blob, at: string): Promise<Wanted> {
  const downloads = files.map(({ path, digest, size }) => ({ digest, size, to: join(at, path) }));
  const isWhole = () => true;
  if (kind === 'folder') {
    const tree = { files, emptyFolders };
    const stored = await findStoredFolder(store, tree);
    if (stored) return { downloads: [], isWhole, keep: () => stored };
    for (const folder of ['', ...emptyFolders]) makeFolder(join(at, folder));
    return {
      downloads,
      isWhole: () => holdsExactly(at, [...files.map(({ path }) => path), ...emptyFolders]),
      keep: () => storeFolder(store, at, files, emptyFolders),
    };
  }
  const stored = await Promise.all(files.map((file) => findStoredFile(store, file)));
  const found = stored.filter((file) => file !== undefined);
  if (found.length === files.length) return { downloads: [], isWhole, keep: () => ({ files: found }) };
  const keep = () => ({ files: files.map((file) => storeFile(store, at, file.digest, file)) });
  return { downloads, isWhole, keep };
}

/** All or nothing: resolves when none is underway any more, with the bytes that came. */
async function downloadAll(
  cache: RemoteCache,
  { signal, progress }: Taking,
  files: readonly Download[],
  total: number,
): Promise<Result<number, Trouble>> {
  const enough = new AbortController();
  const both = AbortSignal.any([signal, enough.signal]);
  let [bytes, percent] = [0, 0];
  const heard = (more: number) => {
    bytes += more;
    if (Math.floor((100 * bytes) / total) === percent) return;
    percent = Math.floor((100 * bytes) / total);
    progress(Math.min(1, bytes / total));
  };
  const all = await Promise.all(
    files.map(async ({ to, ...file }): Promise<Result<void, Trouble>> => {
      makeFolder(dirname(to));
      const got = await cache.download(file, to, both, heard);
      if (got.ok && got.value) return ok(undefined);
      enough.abort();
      return err(got.ok ? gone(file.digest) : got.error);
    }),
  );
  // The first one is why the others were interrupted.
  const troubles = all.flatMap((one) => (one.ok ? [] : [one.error]));
  const trouble = troubles.find((one) => one.trouble !== 'interrupted') ?? troubles[0];
  return trouble ? err(trouble) : ok(bytes);
}

const gone = (digest: Digest): Trouble => ({
  trouble: 'entry',
  message: `its content under ${digest} is not there any more`,
});
