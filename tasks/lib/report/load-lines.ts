import type { Info } from '../../../schemas/tasks/unzip.ts';

/** The lines of Python that load a recording and its spikes into SpikeInterface, from the folder of the results. */
export function loadLines(recording: string, info: Info): string {
  const { sampling_rate, channels, padding, gain, offset, dropped_channels } = info;
  const dropped =
    dropped_channels === ''
      ? []
      : [`recording = recording.remove_channels([${dropped_channels.replaceAll(',', ', ')}])`];
  return [
    'import numpy as np',
    'import spikeinterface.core as si',
    '',
    'recording = si.read_binary(',
    `    "unzip/${recording}/mea.raw", sampling_frequency=${sampling_rate}, dtype="uint16", num_channels=${channels},`,
    `    file_offset=${padding}, gain_to_uV=${gain}, offset_to_uV=-${offset} * ${gain},`,
    ')',
    ...dropped,
    `spikes = np.fromfile("detect/${recording}/indexes.raw", dtype="<i8")`,
    'ground_truth = si.NumpySorting.from_samples_and_labels(',
    `    [spikes], [np.zeros(len(spikes), dtype="int64")], sampling_frequency=${sampling_rate},`,
    ')',
  ].join('\n');
}
