/** Parameters and tables of `tasks/histogram.ts`. */
import type { TableSchema } from 'groundproof/task';

export const histogramParams = {
  type: 'object',
  description: 'How the amplitudes of the detected spikes are counted.',
  properties: {
    bin_width: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.5,
      description: "Width of a bin in the trace's own unit.",
    },
  },
  additionalProperties: false,
} as const;

export const histogramTable = {
  description:
    'Spikes by amplitude, in bins of one width from the farthest spike towards 0. Bins of negative peaks hold their left ' +
    'edge and the last bin both; bins of positive peaks are the mirror image.',
  columns: {
    bin_left: { type: 'float64', description: "Lower edge of the bin, in the trace's own unit." },
    count: { type: 'int64', unit: 'spikes', description: 'Spikes in the bin.' },
  },
} as const satisfies TableSchema;
