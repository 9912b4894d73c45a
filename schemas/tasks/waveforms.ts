/** Parameters and tables of `tasks/waveforms.ts`. */
import type { TableSchema } from 'groundwork/task';

export const waveformsParams = {
  type: 'object',
  properties: {
    count: {
      oneOf: [{ type: 'integer', minimum: 1 }, { const: 'all' }],
      default: 150,
      description: 'Spikes to draw, without replacement; all where there are fewer, or with `all`.',
    },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: 4294967295,
      default: 0,
      description: 'Seed of the draw: the same seed draws the same spikes.',
    },
    before: { type: 'integer', minimum: 0, default: 45, description: 'Samples of the window before the peak.' },
    after: {
      type: 'integer',
      minimum: 1,
      default: 60,
      description: 'Samples of the window from the peak on, the peak included.',
    },
  },
  additionalProperties: false,
} as const;

export const waveformsTable = {
  description: 'The cell on the array: median and MAD over the picked spikes, channel by channel, sample by sample.',
  columns: {
    channel: { type: 'int32', description: 'Electrode, counted from 0 without the dropped channels.' },
    sample: { type: 'int32', unit: 'samples', description: 'Time from the peak in the juxtacellular trace.' },
    median: { type: 'float64', unit: 'ADC units', description: 'Median over the picked spikes, raw converter values.' },
    mad: {
      type: 'float64',
      unit: 'ADC units',
      description: 'Median of |value - median| over the picked spikes, times 1.4826.',
    },
  },
} as const satisfies TableSchema;

export const pickedTable = {
  description: 'The spikes whose windows entered the waveforms, in order.',
  columns: {
    sample_index: { type: 'int64', unit: 'samples', description: 'Sample of the peak in the juxtacellular trace.' },
  },
} as const satisfies TableSchema;
