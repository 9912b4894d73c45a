import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { npyUnitPeriods, npzSorting, readBinaryArguments } from '../../../../tasks/lib/export/spikeinterface.ts';
import { int64Bytes } from '../../../../tasks/lib/recording/int64-bytes.ts';
import { decodeNpySamples } from '../../../../tasks/lib/recording/npy.ts';

const byNumPy = (file: string): Buffer => readFileSync(new URL(`../../../fixtures/numpy/${file}`, import.meta.url));

describe('bytes equal to those that NumPy writes', () => {
  test.each([
    ['sorting.npz', [11n, 70n, 500n, 12_345_678_901n]],
    ['silent.npz', []],
  ])('npzSorting writes the bytes of %s', (file, indexes) => {
    expect(npzSorting(int64Bytes(BigInt64Array.from(indexes)), 20000)).toEqual(byNumPy(file));
  });

  test.each([0, 2, 10])('npyUnitPeriods writes the bytes of periods-%i.npy', (count) => {
    const later = Array.from({ length: 8 }, (_, i) => [7_000_000n + BigInt(i), 8_000_000n + BigInt(i)]);
    const periods = [[0n, 100n], [200n, 6_000_000n], ...later].slice(0, count);
    const [starts, ends] = [0, 1].map((side) => BigInt64Array.from(periods, (period) => period[side] ?? -1n));
    expect(npyUnitPeriods(starts as BigInt64Array, ends as BigInt64Array)).toEqual(byNumPy(`periods-${count}.npy`));
  });
});

/** Reads a zip archive by its central directory (APPNOTE 4.3.12) and checks each member's local header. */
function members(zip: Buffer): { [name: string]: Buffer } {
  const end = zip.length - 22;
  expect(zip.toString('latin1', end, end + 4)).toBe('PK\x05\x06');
  const found: { [name: string]: Buffer } = {};
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const name = zip.toString('latin1', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + zip.readUInt32LE(at + 24));
    expect(zip.toString('latin1', local, local + 4)).toBe('PK\x03\x04');
    expect([zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16)]).toEqual([0, crc32(content)]);
    expect(zip.toString('latin1', local + 30, local + 30 + name.length)).toBe(name);
    found[name] = content;
    at += 46 + zip.readUInt16LE(at + 28);
  }
  expect(at).toBe(end);
  return found;
}

test('npzSorting writes any sorting in the layout of read_npz_sorting', () => {
  const anyIndexes = fc.array(fc.bigInt({ min: 0n, max: 2n ** 62n }), { maxLength: 200 });
  fc.assert(
    fc.property(anyIndexes, fc.double({ min: 1, noNaN: true, noDefaultInfinity: true }), (list, rate) => {
      const indexes = BigInt64Array.from(list);
      const files = members(Buffer.from(npzSorting(int64Bytes(indexes), rate)));
      expect(Object.keys(files)).toEqual([
        'unit_ids.npy',
        'num_segment.npy',
        'sampling_frequency.npy',
        'spike_indexes_seg0.npy',
        'spike_labels_seg0.npy',
      ]);
      const read = (name: string) => decodeNpySamples(files[`${name}.npy`] as Buffer, name);
      expect([read('unit_ids'), read('num_segment')]).toEqual([BigInt64Array.of(0n), BigInt64Array.of(1n)]);
      expect(read('spike_indexes_seg0')).toEqual(indexes);
      expect(read('spike_labels_seg0')).toEqual(new BigInt64Array(indexes.length));
      expect(files['sampling_frequency.npy']?.readDoubleLE(128)).toBe(rate);
    }),
    { numRuns: 50 },
  );
});

test('readBinaryArguments gives the offset in uV and skips the header', () => {
  const info = {
    stem: 'patch_2_MEA',
    padding: 1871n,
    samples: 6_000_000n,
    sampling_rate: 20000,
    channels: 256,
    dropped_channels: '126,127,254,255',
    mea_dtype: '<u2',
    juxta_dtype: '<f4',
    gain: 0.1042,
    offset: 32767,
    modelled: null,
  };
  expect(readBinaryArguments(info)).toEqual({
    sampling_frequency: 20000,
    dtype: '<u2',
    num_channels: 256,
    file_offset: 1871,
    gain_to_uV: 0.1042,
    offset_to_uV: -32767 * 0.1042,
  });
});
