/**
 * A recording's archive, `<recording>.tar.gz`: read once from end to end, never whole in memory. Where its
 * members lie is in `archive-members.ts`.
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DataError } from 'groundproof/task';
import { extract } from 'tar-stream';
import { boundedPassage, mostInflated } from './archive-bound.ts';
import { archiveError, requireClosed, requireGzip, requireNothingAfter } from './archive-error.ts';
import { type ArchiveContent, type ArchiveSinks, complete, readMembers } from './archive-members.ts';
import { type Igzip, lengthIn, startIgzip } from './igzip.ts';

/** The default of 16 KB takes twice the time. */
const chunkSize = 1 << 20;

/** Of a smaller archive another program takes longer to start than it saves. */
const worthIgzip = 32 << 20;

export interface ArchiveOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how much of the archive is read, 0 to 1. */
  progress?(fraction: number): void;
}

/** What came out of an archive. */
interface Inflated {
  readonly content: ArchiveContent;
  /** Length of the tar archive. */
  readonly bytes: number;
}

/**
 * Reads an archive, its checksums included. The two big members go to `sinks` as they come, before it is
 * known whether the archive is whole.
 *
 * @throws DataError for an archive that is no gzip file, is cut off or damaged, has something after its end,
 * inflates beyond all measure, lacks a member or has two for one place.
 */
export async function readArchive(
  path: string,
  sinks: ArchiveSinks,
  options: ArchiveOptions = {},
): Promise<ArchiveContent> {
  const size = requireGzip(path);
  const igzip = size < worthIgzip ? undefined : await startIgzip(path, options.signal);
  const { content } = igzip
    ? await byIgzip(igzip, path, size, sinks, options)
    : await byZlib(path, size, sinks, options);
  return content;
}

async function byZlib(path: string, size: number, sinks: ArchiveSinks, options: ArchiveOptions): Promise<Inflated> {
  const gunzip = createGunzip({ chunkSize });
  const streams = [createReadStream(path, { highWaterMark: chunkSize }), gunzip] as const;
  const inflated = await readTar(streams, () => gunzip.bytesWritten / size, path, size, sinks, options);
  requireNothingAfter(path, gunzip.bytesWritten);
  return inflated;
}

/** zlib has the last word: it reads again what igzip stumbles over, and says what is wrong with it. */
async function byIgzip(
  igzip: Igzip,
  path: string,
  size: number,
  sinks: ArchiveSinks,
  options: ArchiveOptions,
): Promise<Inflated> {
  const length = lengthIn(path);
  const likely = likelyLength(length, size);
  let inflated: Inflated | undefined;
  try {
    inflated = await readTar([igzip.stream], (bytes) => bytes / likely, path, size, sinks, options);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
  const sound = await igzip.isSound();
  // igzip takes no notice of what follows the end.
  if (inflated && sound && inflated.bytes % 2 ** 32 === length) return inflated;
  const again = await byZlib(path, size, { mea() {}, juxta() {} }, { signal: options.signal });
  // Several gzip files in a row end with the length of the last one.
  if (inflated && sound && inflated.bytes === again.bytes) return inflated;
  throw new DataError(`igzip cannot read ${basename(path)} and zlib can: run it again, or without igzip on the PATH`);
}

/** A gzip file says its length modulo 2^32; what cannot be compressed grows by less than a hundredth. */
const likelyLength = (modulo: number, size: number): number =>
  modulo + 2 ** 32 * Math.max(0, Math.ceil((0.99 * size - modulo) / 2 ** 32));

async function readTar(
  inflating: readonly [Readable, ...Transform[]],
  fraction: (bytes: number) => number,
  path: string,
  size: number,
  sinks: ArchiveSinks,
  { signal, progress }: ArchiveOptions,
): Promise<Inflated> {
  const archive = basename(path);
  const tar = extract();
  const passage = boundedPassage(archive, size);
  const chunkDone = () => progress?.(Math.min(1, fraction(passage.bytes())));

  const [members, stream] = await Promise.allSettled([
    readMembers(tar, { archive, most: mostInflated(size) }, sinks, chunkDone),
    pipeline([...inflating, passage.stream, tar], signal === undefined ? {} : { signal }),
  ]);
  // A member that is refused closes the stream early; any other error of the stream is the cause of both.
  if (stream.status === 'rejected' && stream.reason.code !== 'ERR_STREAM_PREMATURE_CLOSE') {
    throw archiveError(stream.reason, archive, size);
  }
  if (members.status === 'rejected') throw members.reason;
  requireClosed(passage.bytes(), members.value.end, archive, size);
  return { content: complete(members.value, archive), bytes: passage.bytes() };
}
