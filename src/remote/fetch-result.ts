/** Takes a result from a remote cache into the store: the record read with care, every blob checked, the result last. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BlobFile, keepFile, keepFolder, storedFiles } from '../cache/blob.ts';
import type { Digest } from '../cache/digest.ts';
import { makeFolder } from '../cache/make-folder.ts';
import type { Store } from '../cache/store.ts';
import { publishResult, type StoredOutput, type StoredResult } from '../cache/stored-result.ts';
import { err, ok, type Result } from '../result.ts';
import { stdoutOf } from './action-result.ts';
import { type Asked, type RemoteOutput, readRecord } from './record.ts';
import { type Content, type RemoteCache, resultPath } from './remote-cache.ts';
import type { Trouble } from './trouble.ts';

/** A record of a folder with 100,000 files has about half of it. */
const MOST_RECORD_BYTES = 64e6;

/** A blob to be kept: what has to be downloaded for it, and how it is kept then. */
interface Wanted {
  readonly downloads: readonly (Content & { readonly to: string })[];
  keep(): readonly BlobFile[];
}

/**
 * Undefined when it has none. Downloads go to `folder`, which is new; nothing is kept before all of them are here and sound.
 * `progress` hears the fraction that is here.
 */
export async function fetchResult(
  cache: RemoteCache,
  store: Store,
  asked: Asked,
  folder: string,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<Result<{ readonly result: StoredResult; readonly bytes: number } | undefined, Trouble>> {
  const entry = await cache.get(resultPath(asked.key), MOST_RECORD_BYTES, signal);
  if (!entry.ok || entry.value === undefined) return entry as Result<undefined, Trouble>;
  const record = stdoutOf(entry.value);
  const read = record ? readRecord(record, asked) : err('it is not in the form of one');
  if (!read.ok) return err({ trouble: 'entry', message: `what is there is no result of it: ${read.error}` });

  mkdirSync(folder);
  const wanted = new Map<string, Wanted>();
  for (const [port, output] of Object.entries(read.value.outputs)) {
    for (const blob of output ? blobsOf(output) : []) {
      const at = join(folder, String(wanted.size));
      wanted.set(nameOf(port, blob.extension), await want(store, blob, at));
    }
  }
  const downloads = [...wanted.values()].flatMap((one) => one.downloads);
  const downloaded = await downloadAll(cache, downloads, signal, progress);
  if (!downloaded.ok) return downloaded;

  const kept = (port: string, extension: string) => wanted.get(nameOf(port, extension))?.keep() ?? [];
  const outputs = Object.entries(read.value.outputs).map(([port, output]) => {
    if (output === null) return [port, null] as const;
    const siblings = output.siblings.flatMap(({ extension, digest }) =>
      kept(port, extension).map((file) => ({ extension, digest, file })),
    );
    return [port, { ...output, files: kept(port, OWN), siblings } satisfies StoredOutput] as const;
  });
  const result = { ...read.value, preimage: asked.preimage, outputs: Object.fromEntries(outputs) };
  await publishResult(store, result);
  return ok({ result, bytes: entry.value.length + downloaded.value });
}

interface Blob extends Pick<RemoteOutput, 'kind' | 'digest' | 'files'> {
  /** Of a sibling. */
  readonly extension: string;
}

/** Stands for an output itself, where its siblings have their extension. */
const OWN = '';
const nameOf = (port: string, extension: string): string => `${port}/${extension}`;

const blobsOf = ({ kind, digest, files, siblings }: RemoteOutput): readonly Blob[] => [
  { kind, digest, files, extension: OWN },
  ...siblings.map((one) => ({
    ...one,
    kind: 'file' as const,
    files: [{ path: '', digest: one.digest, size: one.size }],
  })),
];

async function want(store: Store, { kind, digest, files }: Blob, at: string): Promise<Wanted> {
  const stored = await storedFiles(store, digest, files);
  if (stored) return { downloads: [], keep: () => stored };
  const downloads = files.map(({ path, digest: own, size }) => ({ digest: own, size, to: join(at, path) }));
  if (kind === 'file') return { downloads, keep: () => [keepFile(store, at, digest)] };
  mkdirSync(at);
  return { downloads, keep: () => keepFolder(store, at, files).files };
}

/** All or nothing: resolves when none is underway any more, with the bytes that came. */
async function downloadAll(
  cache: RemoteCache,
  files: readonly (Content & { readonly to: string })[],
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<Result<number, Trouble>> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
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
