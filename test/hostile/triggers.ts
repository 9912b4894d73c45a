/** Recordings with a `STEM.triggers.npy` that NumPy would read or refuse, or that NumPy should never load. */
import { type HostileInput, input } from './hostile-input.ts';
import { npyOf, recordingOf, spikes } from './recording.ts';

const triggers = (name: string, description: string, bytes: () => Uint8Array): HostileInput =>
  input(name, description, () => recordingOf({ triggers: bytes() }));

/** Makes a file with any header and version. */
function npy(descr: string, data: Uint8Array, { shape = `(${spikes.length},)`, fortran = false, version = 1 } = {}) {
  const order = fortran ? 'True' : 'False';
  const header = Buffer.from(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`);
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), length, header, data]);
}

/** The spikes in `bytes` bytes each. */
function values(bytes: number, write: (into: Buffer, value: number, at: number) => void): Buffer {
  const data = Buffer.alloc(spikes.length * bytes);
  spikes.forEach((spike, i) => {
    write(data, spike, i * bytes);
  });
  return data;
}

const int64 = values(8, (into, value, at) => into.writeBigInt64LE(BigInt(value), at));
const bigEndian = values(4, (into, value, at) => into.writeInt32BE(value, at));
const doubles = values(8, (into, value, at) => into.writeDoubleLE(value, at));

export const triggerLists: readonly HostileInput[] = [
  input('triggers-none', 'no list of spikes, which is fine', () => recordingOf({ triggers: null })),
  triggers('triggers-empty-list', 'a list without a spike, which is fine', () => npyOf([])),
  triggers('triggers-big-endian', 'big-endian int32, which is fine', () => npy("'>i4'", bigEndian)),
  triggers('triggers-float', 'whole numbers as float64, which is fine', () => npy("'<f8'", doubles)),
  triggers('triggers-fortran', 'a column in Fortran order, which is fine', () =>
    npy("'<i8'", int64, { fortran: true, shape: `(${spikes.length}, 1)` }),
  ),
  triggers('triggers-version-2', 'a header of version 2, which is fine', () => npy("'<i8'", int64, { version: 2 })),
  triggers('triggers-version-3', 'a header of version 3, which is fine', () => npy("'<i8'", int64, { version: 3 })),
  triggers('triggers-unsorted', 'the spikes in reverse, which is fine', () => npyOf([...spikes].reverse())),
  triggers('triggers-out-of-range', 'two spikes outside the recording', () => npyOf([-5, ...spikes, 40_000])),
  triggers('triggers-empty-file', 'an empty file', () => Buffer.of()),
  triggers('triggers-cut', 'a file cut off within its values', () => npy("'<i8'", int64.subarray(0, 1000))),
  triggers('triggers-cut-header', 'a file cut off within its header', () => npy("'<i8'", int64).subarray(0, 40)),
  triggers('triggers-pickled', 'pickled objects', () => npy("'|O'", Buffer.from('cos\nsystem\n'))),
  triggers('triggers-fractions', 'fractions', () =>
    npy(
      "'<f8'",
      doubles.map((byte, i) => (i === 0 ? 1 : byte)),
    ),
  ),
  triggers('triggers-two-columns', 'two columns', () => npy("'<i8'", int64, { shape: '(90, 2)' })),
  triggers('triggers-nested', 'a shape of nested tuples', () =>
    npy("'<i8'", int64, { shape: `${'('.repeat(2000)}180${',)'.repeat(2000)}` }),
  ),
  triggers('triggers-negative', 'a negative length', () => npy("'<i8'", int64, { shape: '(-180,)' })),
  triggers('triggers-record', 'a type of two fields', () => npy("[('a', '<i4'), ('b', '<i4')]", int64)),
  triggers('triggers-nan', 'NaN among the indexes', () => {
    const data = Buffer.from(doubles);
    data.writeDoubleLE(Number.NaN, 80);
    return npy("'<f8'", data);
  }),
  triggers('triggers-long-shape', 'a length of 30 digits', () =>
    npy("'<i8'", int64, { shape: `(${'9'.repeat(30)},)` }),
  ),
  triggers('triggers-long-header', 'a header of 8 MB that keeps a parser busy', () =>
    npy(`'<i8', ${"'shape':(".repeat(1_000_000)}`, int64, { version: 2 }),
  ),
  triggers('triggers-zip', 'a .npz archive', () => Buffer.from('PK\x03\x04 and so on')),
];
