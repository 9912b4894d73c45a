/**
 * Writes gzip (RFC 1952, 1951) as a single member without date or name. At level 0 its bytes are the same everywhere,
 * because this file cuts the stored blocks itself; at higher levels they depend on the zlib version.
 */
import { constants, crc32, deflateRawSync } from 'node:zlib';

export interface GzipWriter {
  /** Bytes may be reused after the call. */
  write(bytes: Uint8Array): void;
  end(): void;
}

/** Largest content of a stored block in bytes. */
const STORED = 65_535;
const PIECE = 16 * STORED;

/** Compresses written bytes into `sink`, about 1 MB at a time; a chunk is valid during the call only. */
export function gzipWriter(level: number, sink: (chunk: Uint8Array) => void): GzipWriter {
  const piece = new Uint8Array(PIECE);
  const out = new Uint8Array(PIECE + 16 * 5);
  let filled = 0;
  let crc = 0;
  let size = 0;
  const flush = (): void => {
    if (filled === 0) return;
    const content = piece.subarray(0, filled);
    crc = crc32(content, crc);
    sink(level === 0 ? storedBlocks(content, out) : deflateRawSync(content, { level, finishFlush }));
    filled = 0;
  };
  sink(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255));
  return {
    write(bytes) {
      size += bytes.length;
      for (let at = 0; at < bytes.length; ) {
        const taken = Math.min(bytes.length - at, PIECE - filled);
        piece.set(bytes.subarray(at, at + taken), filled);
        filled += taken;
        at += taken;
        if (filled === PIECE) flush();
      }
    },
    end() {
      flush();
      sink(trailer(crc, size));
    },
  };
}

/** Ends a piece at a byte boundary without ending the stream, so that pieces can be concatenated. */
const finishFlush = constants.Z_SYNC_FLUSH;

/** Writes stored deflate blocks without the mark of the last block: 00, length, its complement, the bytes. */
function storedBlocks(content: Uint8Array, out: Uint8Array): Uint8Array {
  let to = 0;
  for (let from = 0; from < content.length; from += STORED) {
    const block = content.subarray(from, from + STORED);
    const inverse = block.length ^ 0xffff;
    out.set([0, block.length & 0xff, block.length >>> 8, inverse & 0xff, inverse >>> 8], to);
    out.set(block, to + 5);
    to += 5 + block.length;
  }
  return out.subarray(0, to);
}

/** Returns an empty last block, the checksum and the size modulo 2^32. */
function trailer(crc: number, size: number): Uint8Array {
  const bytes = Buffer.from([1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeUInt32LE(crc, 5);
  bytes.writeUInt32LE(size % 0x1_0000_0000, 9);
  return bytes;
}
