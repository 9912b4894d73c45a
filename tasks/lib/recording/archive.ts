/**
 * A recording's archive, `<recording>.tar.gz`: read once from end to end, never whole in memory. Where its
 * members lie is in `archive-members.ts`.
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { boundedPassage, mostInflated } from './archive-bound.ts';
import { archiveError, requireClosed, requireGzip, requireNothingAfter } from './archive-error.ts';
import { type ArchiveContent, type ArchiveSinks, complete, readMembers } from './archive-members.ts';

/** The default of 16 KB takes twice the time. */
const chunkSize = 1 << 20;

export interface ArchiveOptions {
  readonly signal?: AbortSignal;
  /** Told how much of the archive is read, 0 to 1. */
  progress?(fraction: number): void;
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
  { signal, progress }: ArchiveOptions = {},
): Promise<ArchiveContent> {
  const archive = basename(path);
  const size = requireGzip(path);
  const gunzip = createGunzip({ chunkSize });
  const tar = extract();
  const passage = boundedPassage(archive, size);
  const chunkDone = () => progress?.(Math.min(1, gunzip.bytesWritten / size));

  const [members, stream] = await Promise.allSettled([
    readMembers(tar, { archive, most: mostInflated(size) }, sinks, chunkDone),
    pipeline(
      [createReadStream(path, { highWaterMark: chunkSize }), gunzip, passage.stream, tar],
      signal === undefined ? {} : { signal },
    ),
  ]);
  // A member that is refused closes the stream early; any other error of the stream is the cause of both.
  if (stream.status === 'rejected' && stream.reason.code !== 'ERR_STREAM_PREMATURE_CLOSE') {
    throw archiveError(stream.reason, archive, size);
  }
  if (members.status === 'rejected') throw members.reason;
  requireNothingAfter(path, gunzip.bytesWritten);
  requireClosed(passage.bytes(), members.value.end, archive, size);
  return complete(members.value, archive);
}
