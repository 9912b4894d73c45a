/**
 * Sample indexes in NumPy's .npy format, versions 1 to 3 (numpy.lib.format): magic, version, a header that
 * is a Python dictionary, then the values.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';
import { int64Bytes } from './int64-bytes.ts';
import { shown } from './shown.ts';

const remedy = 'write it again with numpy.save, or leave it out of the archive';

const magic = Buffer.from('\x93NUMPY', 'latin1');

/** NumPy refuses to parse a longer one too (`max_header_size`); that of a column of numbers has about 118 bytes. */
const longestHeader = 10_000;

/** Reads the sample indexes in a file; see `decodeNpySamples`. */
export function readNpySamples(path: string): BigInt64Array {
  return decodeNpySamples(readFileSync(path), basename(path));
}

/**
 * Sample indexes of any integer type, or of a floating type when all values are whole, in either byte
 * order, one-dimensional or in one column.
 *
 * @param file names the file in errors.
 * @throws DataError for anything else, and for a file that is shorter or longer than its header says.
 */
export function decodeNpySamples(bytes: Uint8Array, file: string): BigInt64Array {
  const { dtype, length, start } = decodeHeader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), file);
  const read = readers[dtype.replace(/^[<>|=]/, '')];
  if (read === undefined) {
    throw new DataError(
      `${file} holds values of type ${shown(dtype)}, expected integers (i1 to i8, u1 to u8) or whole numbers in f4 or f8: ` +
        'save the sample indexes with numpy.save(file, indexes.astype("int64"))',
    );
  }
  const expected = start + length * read.bytes;
  if (bytes.byteLength !== expected) {
    throw new DataError(
      `${file} has ${bytes.byteLength} bytes, expected ${expected} (${length} values of ${dtype}): it is damaged; ${remedy}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const littleEndian = !dtype.startsWith('>');
  return BigInt64Array.from({ length }, (_, index) => {
    const value = read.value(view, index * read.bytes, littleEndian);
    return typeof value === 'bigint' ? int64(value, index, file) : whole(value, index, file);
  });
}

/** The bytes of a version 1 file of int64 samples, as numpy.save writes them. */
export function encodeNpySamples(samples: BigInt64Array): Uint8Array {
  return encodeNpy("'<i8'", samples.length, int64Bytes(samples));
}

/** As many digits as NumPy leaves room for, so that a file can grow in place. */
const lengthDigits = 21;

/**
 * The bytes of a version 1 file of one dimension, as numpy.save writes them.
 *
 * @param descr the type as a Python literal: `'<i8'` in quotes, or a list of fields.
 * @param values as they lie in memory, little-endian.
 */
export function encodeNpy(descr: string, length: number, values: Uint8Array): Uint8Array {
  const dictionary = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${length},), }`;
  const preamble = magic.length + 4;
  const room = lengthDigits - String(length).length;
  const start = Math.floor((preamble + dictionary.length + room + 1) / 64 + 1) * 64;
  const bytes = Buffer.alloc(start + values.length, ' ');
  magic.copy(bytes);
  bytes.writeUInt8(1, magic.length);
  bytes.writeUInt8(0, magic.length + 1);
  bytes.writeUInt16LE(start - preamble, magic.length + 2);
  bytes.write(dictionary, preamble, 'latin1');
  bytes.write('\n', start - 1, 'latin1');
  bytes.set(values, start);
  return bytes;
}

interface Reader {
  readonly bytes: number;
  value(view: DataView, at: number, littleEndian: boolean): number | bigint;
}

const readers: { readonly [dtype: string]: Reader | undefined } = {
  i1: { bytes: 1, value: (view, at) => view.getInt8(at) },
  u1: { bytes: 1, value: (view, at) => view.getUint8(at) },
  i2: { bytes: 2, value: (view, at, little) => view.getInt16(at, little) },
  u2: { bytes: 2, value: (view, at, little) => view.getUint16(at, little) },
  i4: { bytes: 4, value: (view, at, little) => view.getInt32(at, little) },
  u4: { bytes: 4, value: (view, at, little) => view.getUint32(at, little) },
  i8: { bytes: 8, value: (view, at, little) => view.getBigInt64(at, little) },
  u8: { bytes: 8, value: (view, at, little) => view.getBigUint64(at, little) },
  f4: { bytes: 4, value: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, value: (view, at, little) => view.getFloat64(at, little) },
};

function decodeHeader(bytes: Buffer, file: string): { dtype: string; length: number; start: number } {
  if (!magic.equals(bytes.subarray(0, magic.length))) {
    throw new DataError(`${file} is not a NumPy .npy file: it does not start with \\x93NUMPY; ${remedy}`);
  }
  const version = bytes[magic.length] ?? 0;
  if (version < 1 || version > 3) throw new DataError(`${file} has .npy version ${version}, expected 1, 2 or 3`);
  const wide = version > 1;
  const preamble = magic.length + (wide ? 6 : 4);
  const length = bytes.length < preamble ? 0 : wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const start = preamble + length;
  if (length > longestHeader) {
    throw new DataError(
      `${file} has a .npy header of ${length} bytes, expected at most ${longestHeader}: it is damaged; ${remedy}`,
    );
  }
  if (bytes.length < start) {
    throw new DataError(
      `${file} is cut off inside its header: ${bytes.length} bytes, the header ends at ${start}; ${remedy}`,
    );
  }
  const header = bytes.toString('utf8', preamble, start);
  const dtype = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (dtype === undefined || shape === undefined) {
    throw new DataError(
      `${file} is no plain array; its .npy header is ${shown(header.trim())}; expected one column of integers; ${remedy}`,
    );
  }
  // Python 2 wrote long integers, `(60L,)`.
  const size = /^\s*(\d+)L?\s*,\s*(1L?\s*,?\s*)?$/.exec(shape)?.[1];
  if (size === undefined) {
    throw new DataError(`${file} has shape (${shown(shape)}), expected one dimension, (n,), or one column, (n, 1)`);
  }
  return { dtype, length: Number(size), start };
}

function int64(value: bigint, index: number, file: string): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw new DataError(`value ${index} of ${file} is ${value}, too large for a sample index`);
}

function whole(value: number, index: number, file: string): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new DataError(`value ${index} of ${file} is ${value}, expected a whole number: a sample index`);
}
