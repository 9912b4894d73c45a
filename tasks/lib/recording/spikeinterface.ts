/** A recording and its truth as SpikeInterface reads them (0.104 and 0.105: `spikeinterface.core`). */
import type { Info } from '../../../schemas/tasks/unzip.ts';
import { int64Bytes } from './int64-bytes.ts';
import { encodeNpy } from './npy.ts';
import { encodeNpz } from './npz.ts';

const int64 = "'<i8'";

/**
 * A sorting of one segment and one unit, 0, for `read_npz_sorting`; the members are those of its
 * `NpzSortingExtractor.write_sorting`, in that order.
 *
 * @param indexes sample indexes in order, int64 little-endian.
 */
export function npzSorting(indexes: Uint8Array, samplingRate: number): Uint8Array {
  const spikes = indexes.length / 8;
  const rate = Buffer.alloc(8);
  rate.writeDoubleLE(samplingRate);
  return encodeNpz([
    { name: 'unit_ids', npy: encodeNpy(int64, 1, int64Bytes(BigInt64Array.of(0n))) },
    { name: 'num_segment', npy: encodeNpy(int64, 1, int64Bytes(BigInt64Array.of(1n))) },
    { name: 'sampling_frequency', npy: encodeNpy("'<f8'", 1, rate) },
    { name: 'spike_indexes_seg0', npy: encodeNpy(int64, spikes, indexes) },
    { name: 'spike_labels_seg0', npy: encodeNpy(int64, spikes, Buffer.alloc(indexes.length)) },
  ]);
}

const unitPeriodFields = ['segment_index', 'start_sample_index', 'end_sample_index', 'unit_index'];

/** Periods of that unit as a .npy file of `unit_period_dtype`, for `select_periods`. Ends are exclusive. */
export function npyUnitPeriods(starts: BigInt64Array, ends: BigInt64Array): Uint8Array {
  const descr = `[${unitPeriodFields.map((field) => `('${field}', ${int64})`).join(', ')}]`;
  const records = Array.from(starts, (start, index) => [0n, start, ends[index] ?? start, 0n]);
  return encodeNpy(descr, starts.length, int64Bytes(BigInt64Array.from(records.flat())));
}

/** The arguments of `read_binary` besides the file. It adds its offset to value x gain, ours is in converter steps. */
export function readBinaryArguments(info: Info) {
  return {
    sampling_frequency: info.sampling_rate,
    dtype: info.mea_dtype,
    num_channels: info.channels,
    file_offset: Number(info.padding),
    gain_to_uV: info.gain,
    offset_to_uV: -info.offset * info.gain,
  };
}
