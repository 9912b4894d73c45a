/**
 * Reads and writes sample indexes in NumPy's .npy format, versions 1 to 3 (numpy.lib.format): magic, version, a header
 * that is a Python dictionary, then the values.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';
import { int64Bytes } from './int64-bytes.ts';
import { printable } from './printable.ts';

const ADVICE = 'write it again with numpy.save, or leave it out of the archive';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/** NumPy's own limit (`max_header_size`); the header of a column of numbers has about 118 bytes. */
const MAX_HEADER_BYTES = 10_000;

/** Reads the sample indexes in a file with `decodeNpySamples`. */
export function readNpySamples(path: string): BigInt64Array {
  return decodeNpySamples(readFileSync(path), basename(path));
}

/**
 * Decodes sample indexes of any integer type, or of a floating type if all values are whole, in either byte order,
 * with a single dimension or a single column.
 *
 * @param file names the file in errors.
 * @throws DataError for another type or shape, and for a file that is shorter or longer than its header says.
 */
export function decodeNpySamples(bytes: Uint8Array, file: string): BigInt64Array {
  const { dtype, length, start } = decodeHeader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), file);
  const read = READERS[dtype.replace(/^[<>|=]/, '')];
  if (read === undefined) {
    throw new DataError(
      `${file} holds values of type ${printable(dtype)}, expected integers (i1 to i8, u1 to u8) or whole numbers in f4 or f8: ` +
        'save the sample indexes with numpy.save(file, indexes.astype("int64"))',
    );
  }
  const expected = start + length * read.bytes;
  if (bytes.byteLength !== expected) {
    throw new DataError(
      `${file} has ${bytes.byteLength} bytes, expected ${expected} (${length} values of ${dtype}): it is damaged; ${ADVICE}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const littleEndian = !dtype.startsWith('>');
  return BigInt64Array.from({ length }, (_, index) => {
    const value = read.value(view, index * read.bytes, littleEndian);
    return typeof value === 'bigint' ? int64(value, index, file) : whole(value, index, file);
  });
}

/** Encodes int64 samples as a version 1 file, byte for byte like numpy.save. */
export function encodeNpySamples(samples: BigInt64Array): Uint8Array {
  return encodeNpy("'<i8'", samples.length, int64Bytes(samples));
}

/** Digits that NumPy reserves for the length, so that a file can grow in place. */
const LENGTH_DIGITS = 21;

/**
 * Encodes values of a single dimension as a version 1 file, byte for byte like numpy.save.
 *
 * @param descr the type as a Python literal: `'<i8'` in quotes, or a list of fields.
 * @param values little-endian.
 */
export function encodeNpy(descr: string, length: number, values: Uint8Array): Uint8Array {
  const dictionary = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${length},), }`;
  const preamble = MAGIC.length + 4;
  const spareDigits = LENGTH_DIGITS - String(length).length;
  const start = Math.floor((preamble + dictionary.length + spareDigits + 1) / 64 + 1) * 64;
  const bytes = Buffer.alloc(start + values.length, ' ');
  MAGIC.copy(bytes);
  bytes.writeUInt8(1, MAGIC.length);
  bytes.writeUInt8(0, MAGIC.length + 1);
  bytes.writeUInt16LE(start - preamble, MAGIC.length + 2);
  bytes.write(dictionary, preamble, 'latin1');
  bytes.write('\n', start - 1, 'latin1');
  bytes.set(values, start);
  return bytes;
}

interface Reader {
  readonly bytes: number;
  value(view: DataView, at: number, littleEndian: boolean): number | bigint;
}

const READERS: { readonly [dtype: string]: Reader | undefined } = {
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
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length))) {
    throw new DataError(`${file} is not a NumPy .npy file: it does not start with \\x93NUMPY; ${ADVICE}`);
  }
  const version = bytes[MAGIC.length] ?? 0;
  if (version < 1 || version > 3) throw new DataError(`${file} has .npy version ${version}, expected 1, 2 or 3`);
  const wide = version > 1;
  const preamble = MAGIC.length + (wide ? 6 : 4);
  const readLength = () => (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const length = bytes.length < preamble ? 0 : readLength();
  const start = preamble + length;
  if (length > MAX_HEADER_BYTES) {
    throw new DataError(
      `${file} has a .npy header of ${length} bytes, expected at most ${MAX_HEADER_BYTES}: it is damaged; ${ADVICE}`,
    );
  }
  if (bytes.length < start) {
    throw new DataError(
      `${file} is cut off inside its header: ${bytes.length} bytes, the header ends at ${start}; ${ADVICE}`,
    );
  }
  const header = bytes.toString('utf8', preamble, start);
  const dtype = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (dtype === undefined || shape === undefined) {
    throw new DataError(
      `${file} is no plain array; its .npy header is ${printable(header.trim())}; expected one column of integers; ${ADVICE}`,
    );
  }
  // Python 2 wrote long integers, `(60L,)`.
  const size = /^\s*(\d+)L?\s*,\s*(1L?\s*,?\s*)?$/.exec(shape)?.[1];
  if (size === undefined) {
    throw new DataError(`${file} has shape (${printable(shape)}), expected one dimension, (n,), or one column, (n, 1)`);
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
