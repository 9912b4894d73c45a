/** Parameters and tables of `tasks/simulate.ts`. */
import type { TableSchema } from 'groundproof/task';
import { syntheticParams } from './synthetic.ts';

const { scenario } = syntheticParams.properties;

export const simulateParams = {
  type: 'object',
  properties: {
    scenario,
    level: { type: 'number', minimum: 0, description: 'How badly: one of the levels of the scenario.' },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: 4294967295,
      default: 0,
      description: 'Other seeds give other recordings.',
    },
    electrodes: { enum: [4, 16], default: 4, description: 'Electrodes of the array.' },
    snr: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 10,
      description: "Peak of the cell's waveform on its best electrode, in MADs of what else is recorded there.",
    },
  },
  required: ['scenario', 'level'],
  additionalProperties: false,
} as const;

export const truthTable = {
  description:
    'The true spikes of the cell, of other cells that the pipette hears, and artefacts; in order of time in each.',
  columns: {
    source: { type: 'utf8', description: '`cell`, `other 1` and so on, or `artefact`.' },
    sample_index: {
      type: 'int64',
      unit: 'samples',
      description: 'Sample of the trough on the pipette, counted from 0.',
    },
    height: { type: 'float64', unit: 'MAD', description: "Depth on the pipette, in MADs of the trace's plain noise." },
  },
} as const satisfies TableSchema;
