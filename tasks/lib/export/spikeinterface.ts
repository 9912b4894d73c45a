/** Encodes a recording's truth for SpikeInterface (0.104 and 0.105: `spikeinterface.core`). */
import type { Info } from '../../../schemas/tasks/unzip.ts';
import { int64Bytes } from '../recording/int64-bytes.ts';
import { encodeNpy } from '../recording/npy.ts';
import { encodeNpz } from './npz.ts';

const INT64 = "'<i8'";

/**
 * Encodes a sorting of a single segment and the single unit 0 for `read_npz_sorting`, with the members of
 * `NpzSortingExtractor.write_sorting` in their order.
 *
 * @param indexes sample indexes in order, int64 little-endian.
 */
export function npzSorting(indexes: Uint8Array, samplingRate: number): Uint8Array {
  const spikes = indexes.length / 8;
  const rate = Buffer.alloc(8);
  rate.writeDoubleLE(samplingRate);
  return encodeNpz([
    { name: 'unit_ids', npy: encodeNpy(INT64, 1, int64Bytes(BigInt64Array.of(0n))) },
    { name: 'num_segment', npy: encodeNpy(INT64, 1, int64Bytes(BigInt64Array.of(1n))) },
    { name: 'sampling_frequency', npy: encodeNpy("'<f8'", 1, rate) },
    { name: 'spike_indexes_seg0', npy: encodeNpy(INT64, spikes, indexes) },
    { name: 'spike_labels_seg0', npy: encodeNpy(INT64, spikes, Buffer.alloc(indexes.length)) },
  ]);
}

const UNIT_PERIOD_FIELDS = ['segment_index', 'start_sample_index', 'end_sample_index', 'unit_index'];

/** Encodes periods of that unit as a .npy file of `unit_period_dtype`, for `select_periods`. Ends are exclusive. */
export function npyUnitPeriods(starts: BigInt64Array, ends: BigInt64Array): Uint8Array {
  const descr = `[${UNIT_PERIOD_FIELDS.map((field) => `('${field}', ${INT64})`).join(', ')}]`;
  const records = Array.from(starts, (start, index) => [0n, start, ends[index] ?? start, 0n]);
  return encodeNpy(descr, starts.length, int64Bytes(BigInt64Array.from(records.flat())));
}

/** Arguments of `read_binary` besides the file. Its offset is in uV, added to value x gain; ours is in converter steps. */
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
