/** Parameters and tables of `tasks/noise.ts`. */
import type { TableSchema } from 'groundproof/task';

export const noiseParams = {
  type: 'object',
  description: 'The noise of a recording hangs on nothing but its MEA file.',
  properties: {},
  additionalProperties: false,
} as const;

export const channelNoiseTable = {
  description: 'Baseline and noise of every electrode over the whole recording, one row an electrode.',
  columns: {
    channel: { type: 'int32', description: 'Electrode, counted from 0 without the dropped channels.' },
    file_channel: { type: 'int32', description: 'Column of the MEA file that holds this electrode.' },
    median: { type: 'float64', unit: 'ADC units', description: 'Median of all samples, raw converter values.' },
    mad: {
      type: 'float64',
      unit: 'ADC units',
      description: 'Median of |sample - median|, times 1.4826: the standard deviation of Gaussian noise.',
    },
  },
} as const satisfies TableSchema;
