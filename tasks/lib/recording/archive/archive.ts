/**
 * Reads a recording's archive, `<recording>.tar.gz`, once from end to end and never whole in memory.
 * `archive-members.ts` knows the members.
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DataError } from 'groundproof/task';
import { extract } from 'tar-stream';
import { boundedPassage, maxInflated } from './archive-bound.ts';
import { archiveError, requireClosed, requireGzip, requireNothingAfter } from './archive-error.ts';
import { type ArchiveContent, type ArchiveSinks, assembleRecording, readMembers } from './archive-members.ts';
import { type Igzip, lengthIn, startIgzip } from './igzip.ts';

/** Node's default of 16 KB takes twice the time. */
const CHUNK_SIZE = 1 << 20;

/** For a smaller archive, igzip takes longer to start than it saves. */
const MIN_IGZIP_SIZE = 32 << 20;

export interface ArchiveOptions {
  readonly signal?: AbortSignal | undefined;
  /** Receives the fraction of the archive that is read, 0 to 1. */
  progress?(fraction: number): void;
}

interface Source {
  readonly path: string;
  /** Size of the archive in bytes. */
  readonly size: number;
  readonly sinks: ArchiveSinks;
  readonly options: ArchiveOptions;
}

interface Inflated {
  readonly content: ArchiveContent;
  /** Length of the tar archive. */
  readonly bytes: number;
}

/**
 * Reads an archive and verifies its checksums. The two big members go to `sinks` as they arrive, before the archive
 * is known to be whole.
 *
 * @throws DataError for an archive that is no gzip file, is cut off or damaged, has something after its end,
 * inflates beyond the limit, lacks a part or has two candidates for it.
 */
export async function readArchive(
  path: string,
  sinks: ArchiveSinks,
  options: ArchiveOptions = {},
): Promise<ArchiveContent> {
  const source = { path, size: requireGzip(path), sinks, options };
  const igzip = source.size < MIN_IGZIP_SIZE ? undefined : await startIgzip(path, options.signal);
  const { content } = igzip ? await readWithIgzip(igzip, source) : await readWithZlib(source);
  return content;
}

async function readWithZlib(source: Source): Promise<Inflated> {
  const gunzip = createGunzip({ chunkSize: CHUNK_SIZE });
  const streams = [createReadStream(source.path, { highWaterMark: CHUNK_SIZE }), gunzip] as const;
  const inflated = await readTar(streams, () => gunzip.bytesWritten / source.size, source);
  requireNothingAfter(source.path, gunzip.bytesWritten);
  return inflated;
}

/** If igzip fails, zlib reads the archive again, to confirm and to explain the error. */
async function readWithIgzip(igzip: Igzip, source: Source): Promise<Inflated> {
  const { path, size, options } = source;
  const length = lengthIn(path);
  const likely = likelyLength(length, size);
  let inflated: Inflated | undefined;
  try {
    inflated = await readTar([igzip.stream], (bytes) => bytes / likely, source);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
  const sound = await igzip.isSound();
  // igzip ignores bytes after the end; the length test detects them.
  if (inflated && sound && inflated.bytes % 2 ** 32 === length) return inflated;
  const byZlib = await readWithZlib({
    path,
    size,
    sinks: { mea() {}, juxta() {} },
    options: { signal: options.signal },
  });
  // In concatenated gzip files the stored length is that of the last file, so compare with zlib.
  if (inflated && sound && inflated.bytes === byZlib.bytes) return inflated;
  throw new DataError(`igzip cannot read ${basename(path)} and zlib can: run it again, or without igzip on the PATH`);
}

/** Estimates the inflated length: a gzip file stores it modulo 2^32, and incompressible data grows by less than 1 %. */
const likelyLength = (modulo: number, size: number): number =>
  modulo + 2 ** 32 * Math.max(0, Math.ceil((0.99 * size - modulo) / 2 ** 32));

async function readTar(
  inflating: readonly [Readable, ...Transform[]],
  fraction: (bytes: number) => number,
  { path, size, sinks, options: { signal, progress } }: Source,
): Promise<Inflated> {
  const archive = basename(path);
  const tar = extract();
  const passage = boundedPassage(archive, size);
  const chunkDone = () => progress?.(Math.min(1, fraction(passage.bytes())));

  const [members, stream] = await Promise.allSettled([
    readMembers(tar, { archive, max: maxInflated(size) }, sinks, chunkDone),
    pipeline([...inflating, passage.stream, tar], signal === undefined ? {} : { signal }),
  ]);
  // A refused member closes the stream early; any other error of the stream caused both failures.
  if (stream.status === 'rejected' && stream.reason.code !== 'ERR_STREAM_PREMATURE_CLOSE') {
    throw archiveError(stream.reason, archive, size);
  }
  if (members.status === 'rejected') throw members.reason;
  requireClosed(passage.bytes(), members.value.end, archive, size);
  return { content: assembleRecording(members.value, archive), bytes: passage.bytes() };
}
