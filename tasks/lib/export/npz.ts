/**
 * Writes NumPy's .npz: a zip archive (PKWARE's APPNOTE) of uncompressed .npy files dated 1980. The bytes equal those of
 * numpy.savez, which gives local headers 64-bit sizes and the central directory 32-bit sizes.
 */
import { crc32 } from 'node:zlib';

interface Member {
  readonly name: string;
  readonly npy: Uint8Array;
}

const VERSION = 45;
const UNIX = 3;
const JANUARY_1980 = 0x21;
const OWNER_READS_AND_WRITES = 0o600 * 0x1_0000;

/** Encodes an archive of less than 4 GiB; names are ASCII, without `.npy`. */
export function encodeNpz(members: readonly Member[]): Uint8Array {
  const contents: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, npy } of members) {
    const entry = { file: `${name}.npy`, crc: crc32(npy), size: npy.length, offset };
    const header = localHeader(entry);
    contents.push(header, npy);
    directory.push(directoryEntry(entry));
    offset += header.length + npy.length;
  }
  const size = directory.reduce((total, entry) => total + entry.length, 0);
  return Buffer.concat([...contents, ...directory, end(members.length, size, offset)]);
}

interface Entry {
  readonly file: string;
  readonly crc: number;
  readonly size: number;
  /** Offset of the local header in the archive. */
  readonly offset: number;
}

function localHeader({ file, crc, size }: Entry): Uint8Array {
  const bytes = Buffer.alloc(30 + file.length + 20);
  bytes.write('PK\x03\x04', 0, 'latin1');
  bytes.writeUInt16LE(VERSION, 4);
  bytes.writeUInt16LE(JANUARY_1980, 12);
  bytes.writeUInt32LE(crc, 14);
  bytes.fill(0xff, 18, 26);
  bytes.writeUInt16LE(file.length, 26);
  bytes.writeUInt16LE(20, 28);
  bytes.write(file, 30, 'latin1');
  const wide = 30 + file.length;
  bytes.writeUInt16LE(1, wide);
  bytes.writeUInt16LE(16, wide + 2);
  bytes.writeBigUInt64LE(BigInt(size), wide + 4);
  bytes.writeBigUInt64LE(BigInt(size), wide + 12);
  return bytes;
}

function directoryEntry({ file, crc, size, offset }: Entry): Uint8Array {
  const bytes = Buffer.alloc(46 + file.length);
  bytes.write('PK\x01\x02', 0, 'latin1');
  bytes.writeUInt8(VERSION, 4);
  bytes.writeUInt8(UNIX, 5);
  bytes.writeUInt16LE(VERSION, 6);
  bytes.writeUInt16LE(JANUARY_1980, 14);
  bytes.writeUInt32LE(crc, 16);
  bytes.writeUInt32LE(size, 20);
  bytes.writeUInt32LE(size, 24);
  bytes.writeUInt16LE(file.length, 28);
  bytes.writeUInt32LE(OWNER_READS_AND_WRITES, 38);
  bytes.writeUInt32LE(offset, 42);
  bytes.write(file, 46, 'latin1');
  return bytes;
}

function end(members: number, directorySize: number, directoryStart: number): Uint8Array {
  const bytes = Buffer.alloc(22);
  bytes.write('PK\x05\x06', 0, 'latin1');
  bytes.writeUInt16LE(members, 8);
  bytes.writeUInt16LE(members, 10);
  bytes.writeUInt32LE(directorySize, 12);
  bytes.writeUInt32LE(directoryStart, 16);
  return bytes;
}
