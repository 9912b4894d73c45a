/** What can be wrong with a `.tar.gz` as such, whatever it holds. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';

/** A tar archive's unit. */
export const tarBlock = 512;

const again = 'copy or download it again';
const webPage = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|\?xml)/i;

/** The size of a file that starts like a gzip file; anything else is a DataError. */
export function requireGzip(path: string): number {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const start = Buffer.alloc(64);
    if (size < 2) throw new DataError(`${basename(path)} has ${size} bytes, expected a .tar.gz archive: ${again}`);
    const read = readSync(fd, start, 0, start.length, 0);
    if (start[0] === 0x1f && start[1] === 0x8b) return size;
    if (webPage.test(start.toString('latin1', 0, read))) {
      throw new DataError(
        `${basename(path)} (${size} bytes) is a web page, not a gzip file: expected a .tar.gz archive; ` +
          'download the file itself: a page in its place tells of a wrong address or an error there',
      );
    }
    throw new DataError(
      `${basename(path)} (${size} bytes) is not a gzip file: it starts with the bytes ` +
        `${hex(start[0])} ${hex(start[1])}, expected 1f 8b; ${again}, or compress the tar archive with gzip`,
    );
  } finally {
    closeSync(fd);
  }
}

/**
 * Zlib stops at a zero byte after the end, as there may be zeros from a tape: what it did not take, from
 * byte `end` on, must be zeros.
 */
export function requireNothingAfter(path: string, end: number): void {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(1 << 16);
    for (let position = end; ; ) {
      const read = readSync(fd, bytes, 0, bytes.length, position);
      if (read === 0) return;
      const strange = bytes.subarray(0, read).findIndex((byte) => byte !== 0);
      if (strange !== -1) {
        throw new DataError(
          `${basename(path)} has something else after its end: the compressed data end at byte ${end}, ` +
            `a byte ${hex(bytes[strange])} follows at ${position + strange}; ${again}`,
        );
      }
      position += read;
    }
  } finally {
    closeSync(fd);
  }
}

/** A tar archive ends with blocks of zeros; without one, it may have been cut between two members. */
export function requireClosed(bytes: number, lastMemberEnd: number, archive: string, size: number): void {
  if (bytes >= lastMemberEnd + tarBlock) return;
  if (bytes === 0) throw new DataError(`${archive} (${size} bytes) holds nothing, expected a tar archive; ${again}`);
  throw new DataError(
    `${archive} (${size} bytes) is cut off inside: the tar archive in it has ${bytes} bytes and ends with its last ` +
      `member, expected empty blocks after that; ${again}`,
  );
}

/** An error of the stream in words; one that is in words, or not the archive's fault (no such file, aborted), as it is. */
export function archiveError(error: NodeJS.ErrnoException, archive: string, size: number): Error {
  if (error instanceof DataError) return error;
  const named = `${archive} (${size} bytes)`;
  switch (error.code) {
    case 'Z_BUF_ERROR':
      return new DataError(`${named} is cut off: it ends inside its compressed data; ${again}`);
    case 'Z_DATA_ERROR':
      return error.message === 'incorrect header check'
        ? new DataError(`${named} has something else after its compressed data; ${again}`)
        : new DataError(`${named} is damaged: decompression says '${error.message}'; ${again}`);
    // The tar reader's errors have no code.
    case undefined:
      return error.message === 'Unexpected end of data'
        ? new DataError(`${named} is cut off inside: the tar archive in it ends before its last member does; ${again}`)
        : new DataError(`${named} holds no valid tar archive: ${tarMistake(error.message)}; ${again}`);
    default:
      return error;
  }
}

/** The tar reader's messages in other words. */
function tarMistake(message: string): string {
  if (message.startsWith('Invalid tar header')) return 'something else stands where a header of a member belongs';
  if (message === 'Invalid header') return 'by its header a member has an impossible size';
  if (message === 'Header exceeds max size') return 'a header has more than 4 MB';
  return `the reader says '${message}'`;
}

const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, '0');
