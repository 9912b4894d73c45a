import fc from 'fast-check';
import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { decodeNpySamples, encodeNpySamples } from '../../../../tasks/lib/recording/npy.ts';

/** A NumPy file without the header's padding to 64 bytes, on which readers must not rely. */
function npy(descr: string, shape: string, data: Uint8Array, version = 1): Uint8Array {
  const header = Buffer.from(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`);
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), length, header, data]);
}

/** The values 1, 2, 300 in the accepted types of several bytes. */
const written: [descr: string, data: string][] = [
  ['<i8', '01000000000000000200000000000000 2c01000000000000'],
  ['>i8', '00000000000000010000000000000002 000000000000012c'],
  ['<u8', '01000000000000000200000000000000 2c01000000000000'],
  ['<i4', '01000000 02000000 2c010000'],
  ['>u4', '00000001 00000002 0000012c'],
  ['<u2', '0100 0200 2c01'],
  ['>i2', '0001 0002 012c'],
  ['<f4', '0000803f 00000040 00009643'],
  ['>f8', '3ff0000000000000 4000000000000000 4072c00000000000'],
];
const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

test.each(written)('decodeNpySamples reads %s', (descr, data) => {
  const expected = BigInt64Array.of(1n, 2n, 300n);
  for (const version of [1, 2, 3])
    expect(decodeNpySamples(npy(`'${descr}'`, '(3,)', bytes(data), version), 'a')).toEqual(expected);
  expect(decodeNpySamples(npy(`'${descr}'`, '(3, 1)', bytes(data)), 'a')).toEqual(expected);
});

test('decodeNpySamples reads single bytes, signs, empty arrays and headers of Python 2', () => {
  expect(decodeNpySamples(npy("'|i1'", '(2,)', Buffer.of(255, 5)), 'a')).toEqual(BigInt64Array.of(-1n, 5n));
  expect(decodeNpySamples(npy("'|u1'", '(2L,)', Buffer.of(255, 5)), 'a')).toEqual(BigInt64Array.of(255n, 5n));
  expect(decodeNpySamples(npy("'<i8'", '(0,)', Buffer.of()), 'a')).toEqual(new BigInt64Array());
});

test('decodeNpySamples reads from the middle of a buffer', () => {
  const file = npy("'<i2'", '(1,)', bytes('2c01'));
  const odd = Buffer.concat([Buffer.of(0), file]).subarray(1);
  expect(decodeNpySamples(odd, 'a')).toEqual(BigInt64Array.of(300n));
});

test.each<[string, Uint8Array, RegExp]>([
  ['another format', Buffer.from('PK\x03\x04 and so on'), /a\.npy is not a NumPy/],
  ['an empty file', Buffer.of(), /is not a NumPy/],
  ['a later version', npy("'<i8'", '(0,)', Buffer.of(), 4), /version 4, expected 1, 2 or 3/],
  ['a cut header', npy("'<i8'", '(0,)', Buffer.of()).subarray(0, 30), /cut off inside its header: 30 bytes/],
  ['a cut preamble', npy("'<i8'", '(0,)', Buffer.of()).subarray(0, 7), /NumPy|version|cut off/],
  ['missing values', npy("'<i8'", '(3,)', Buffer.alloc(20)), /bytes, expected \d+ \(3 values of <i8\)/],
  ['too many values', npy("'<i8'", '(1,)', Buffer.alloc(9)), /bytes, expected \d+ \(1 values of <i8\)/],
  ['pickled objects', npy("'|O'", '(1,)', Buffer.alloc(8)), /type \|O, expected integers/],
  ['booleans', npy("'|b1'", '(1,)', Buffer.alloc(1)), /type \|b1/],
  ['a record', npy("[('t', '<i8')]", '(1,)', Buffer.alloc(8)), /no plain array/],
  ['two columns', npy("'<i8'", '(1, 2)', Buffer.alloc(16)), /shape \(1, 2\), expected one dimension/],
  ['no dimension', npy("'<i8'", '()', Buffer.alloc(8)), /shape \(\), expected one dimension/],
  [
    'a fraction',
    npy("'<f8'", '(2,)', Buffer.from(Float64Array.of(1, 1.5).buffer)),
    /value 1 of a\.npy is 1\.5, expected a whole/,
  ],
  ['NaN', npy("'<f4'", '(1,)', Buffer.from(Float32Array.of(Number.NaN).buffer)), /value 0 of a\.npy is NaN/],
  ['beyond int64', npy("'<u8'", '(1,)', Buffer.alloc(8, 255)), /18446744073709551615, too large/],
])('decodeNpySamples refuses %s', (_, file, message) => {
  const read = () => decodeNpySamples(file, 'a.npy');
  expect(read).toThrow(DataError);
  expect(read).toThrow(message);
});

test('decodeNpySamples reads back the samples that encodeNpySamples wrote', () => {
  fc.assert(
    fc.property(fc.bigInt64Array({ maxLength: 20 }), (samples) => {
      expect(decodeNpySamples(encodeNpySamples(samples), 'a')).toEqual(samples);
    }),
  );
});

/** The expected bytes come from numpy.save(file, numpy.array([7, -1], dtype='int64')). */
test('encodeNpySamples writes the bytes of numpy.save', () => {
  const header = "\x93NUMPY\x01\x00v\x00{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }";
  const expected = Buffer.concat([
    Buffer.from(`${header.padEnd(127)}\n`, 'latin1'),
    Buffer.from(BigInt64Array.of(7n, -1n).buffer),
  ]);
  expect(Buffer.from(encodeNpySamples(BigInt64Array.of(7n, -1n))).equals(expected)).toBe(true);
});
