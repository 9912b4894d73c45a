import type { Info } from '../../../schemas/tasks/unzip.ts';
import { readBinaryArguments } from '../export/spikeinterface.ts';

/** Writes Python that loads a recording and its truth into SpikeInterface, run in the folder of the results. */
export function loadLines(recording: string, info: Info): string {
  const { dropped_channels: dropped } = info;
  const args = Object.entries(readBinaryArguments(info)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const without = dropped === '' ? [] : [`recording = recording.remove_channels([${dropped.replaceAll(',', ', ')}])`];
  return [
    'import numpy as np',
    'import spikeinterface.core as si',
    '',
    'recording = si.read_binary(',
    `    "unzip/${recording}/mea.raw",`,
    `    ${args.slice(0, 3).join(', ')},`,
    `    ${args.slice(3).join(', ')},`,
    ')',
    ...without,
    `truth = si.read_npz_sorting("export/ground_truth/${recording}/sorting.npz")`,
    `periods = np.load("export/ground_truth/${recording}/accepted_periods.npy")`,
    'truth = truth.select_periods(periods)',
  ].join('\n');
}
