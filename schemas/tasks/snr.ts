/** Parameters and tables of `tasks/snr.ts`. */
import type { TableSchema } from 'groundproof/task';

export const snrParams = {
  type: 'object',
  description: 'The signal-to-noise ratio follows from waveforms and noise alone.',
  properties: {},
  additionalProperties: false,
} as const;

export const gtInfoTable = {
  description: 'The ground truth in one row: how many spikes, and how well the array sees them.',
  columns: {
    nb_spike: { type: 'int64', description: 'Spikes detected in the juxtacellular trace.' },
    max_on_channel: {
      type: 'int32',
      nullable: true,
      description:
        'Electrode with the lowest median waveform, dead ones apart, counted without the dropped channels; null without waveforms.',
    },
    peak_value: {
      type: 'float64',
      unit: 'ADC units',
      nullable: true,
      description: 'Lowest point of the median waveform on that electrode, less its baseline; null without waveforms.',
    },
    peak_snr: {
      type: 'float64',
      nullable: true,
      description: '|peak_value / noise_mad|; null without waveforms or where the noise MAD is 0.',
    },
    noise_mad: {
      type: 'float64',
      unit: 'ADC units',
      nullable: true,
      description: 'Noise of that electrode over the whole recording (MAD times 1.4826); null without waveforms.',
    },
    file_channel: {
      type: 'int32',
      nullable: true,
      description: 'Column of the MEA file that holds that electrode; null without waveforms.',
    },
  },
} as const satisfies TableSchema;
