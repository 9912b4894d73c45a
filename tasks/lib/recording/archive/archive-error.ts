/** Checks and errors of a `.tar.gz` file, independent of its content. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';

/** Block size of a tar archive in bytes. */
export const TAR_BLOCK = 512;

const ADVICE = 'copy or download it again';
const WEB_PAGE = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|\?xml)/i;

/** Returns the size of a gzip file in bytes. @throws DataError if the file does not start like a gzip file. */
export function requireGzip(path: string): number {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const start = Buffer.alloc(64);
    if (size < 2) throw new DataError(`${basename(path)} has ${size} bytes, expected a .tar.gz archive: ${ADVICE}`);
    const read = readSync(fd, start, 0, start.length, 0);
    if (start[0] === 0x1f && start[1] === 0x8b) return size;
    if (WEB_PAGE.test(start.toString('latin1', 0, read))) {
      throw new DataError(
        `${basename(path)} (${size} bytes) is a web page, not a gzip file: expected a .tar.gz archive; ` +
          'download the file itself: a page in its place tells of a wrong address or an error there',
      );
    }
    throw new DataError(
      `${basename(path)} (${size} bytes) is not a gzip file: it starts with the bytes ` +
        `${hex(start[0])} ${hex(start[1])}, expected 1f 8b; ${ADVICE}, or compress the tar archive with gzip`,
    );
  } finally {
    closeSync(fd);
  }
}

/**
 * Requires that only zeros follow byte `end`, at which zlib stopped: zlib ignores the rest of a file after a zero byte,
 * because tapes pad files with zeros.
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
            `a byte ${hex(bytes[strange])} follows at ${position + strange}; ${ADVICE}`,
        );
      }
      position += read;
    }
  } finally {
    closeSync(fd);
  }
}

/** Requires a block of zeros at the end of the tar archive; without it, the archive may be cut between two members. */
export function requireClosed(bytes: number, lastMemberEnd: number, archive: string, size: number): void {
  if (bytes >= lastMemberEnd + TAR_BLOCK) return;
  if (bytes === 0) throw new DataError(`${archive} (${size} bytes) holds nothing, expected a tar archive; ${ADVICE}`);
  throw new DataError(
    `${archive} (${size} bytes) is cut off inside: the tar archive in it has ${bytes} bytes and ends with its last ` +
      `member, expected empty blocks after that; ${ADVICE}`,
  );
}

/** Puts a stream's error into words. Returns a DataError, or an error not due to the archive (ENOENT, abort), unchanged. */
export function archiveError(error: NodeJS.ErrnoException, archive: string, size: number): Error {
  if (error instanceof DataError) return error;
  const named = `${archive} (${size} bytes)`;
  switch (error.code) {
    case 'Z_BUF_ERROR':
      return new DataError(`${named} is cut off: it ends inside its compressed data; ${ADVICE}`);
    case 'Z_DATA_ERROR':
      return error.message === 'incorrect header check'
        ? new DataError(`${named} has something else after its compressed data; ${ADVICE}`)
        : new DataError(`${named} is damaged: decompression says '${error.message}'; ${ADVICE}`);
    // The tar reader's errors have no code.
    case undefined:
      return error.message === 'Unexpected end of data'
        ? new DataError(`${named} is cut off inside: the tar archive in it ends before its last member does; ${ADVICE}`)
        : new DataError(`${named} holds no valid tar archive: ${tarMistake(error.message)}; ${ADVICE}`);
    default:
      return error;
  }
}

/** Explains the tar reader's messages. */
function tarMistake(message: string): string {
  if (message.startsWith('Invalid tar header')) return 'something else stands where a header of a member belongs';
  if (message === 'Invalid header') return 'by its header a member has an impossible size';
  if (message === 'Header exceeds max size') return 'a header has more than 4 MB';
  return `the reader says '${message}'`;
}

const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, '0');
