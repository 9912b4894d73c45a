/** Parameters and tables of `tasks/waveforms.ts`. */
import type { TableSchema } from 'groundproof/task';

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

export const lagTable = {
  description:
    "Whether the array's clock kept pace with the pipette's: the cell's median waveform on its best channel over the picked " +
    'spikes of the first third of the recording, against that of the last third; one row.',
  columns: {
    early_spikes: { type: 'int32', unit: 'spikes', description: 'Picked spikes in the first third.' },
    late_spikes: { type: 'int32', unit: 'spikes', description: 'Picked spikes in the last third.' },
    channel: {
      type: 'int32',
      nullable: true,
      description: 'Electrode where the median waveform of all picked spikes goes lowest; null without spikes.',
    },
    early_height: {
      type: 'float64',
      unit: 'standard errors',
      nullable: true,
      description: 'How far the early waveform stands out of its noise; null with fewer than 10 spikes.',
    },
    late_height: { type: 'float64', unit: 'standard errors', nullable: true, description: 'The same of the late one.' },
    lag: {
      type: 'float64',
      unit: 'samples',
      nullable: true,
      description:
        'How much later the waveform comes after the spike in the pipette, late against early: the peak of their ' +
        'cross-correlation within half a window. Null where either third has fewer than 10 spikes or a height below 6: the ' +
        'array does not see the cell, or the clocks run so far apart within a third that its waveform is blurred away.',
    },
    correlation: {
      type: 'float64',
      nullable: true,
      description: 'Of the two waveforms at that lag: 1 when they have the same shape. Null where the lag is.',
    },
  },
} as const satisfies TableSchema;
