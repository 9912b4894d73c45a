/** Parameters and tables of `tasks/synthetic.ts`. */
import type { TableSchema } from 'groundwork/task';

export const syntheticParams = {
  type: 'object',
  description: 'Which synthetic recordings are made and judged.',
  properties: {
    scenario: {
      enum: [
        'missed_fraction',
        'drift',
        'drift_missed',
        'dip',
        'step',
        'two_cells',
        'skew',
        'skew_missed',
        'silence',
        'spike_count',
        'spike_count_missed',
      ],
      description: 'What befalls the recordings.',
    },
    recordings: { type: 'integer', minimum: 1, default: 40, description: 'Recordings at each level of the scenario.' },
    seed: { type: 'integer', minimum: 0, default: 0, description: 'Other seeds give other recordings.' },
  },
  required: ['scenario'],
  additionalProperties: false,
} as const;

const share = (description: string) => ({ type: 'float64', description }) as const;
const maybeShare = (description: string) => ({ type: 'float64', nullable: true, description }) as const;

export const judgedTable = {
  description: 'Synthetic recordings of known truth and what is said of them, one a row.',
  columns: {
    scenario: { type: 'utf8', description: 'What befell the recording.' },
    level: { type: 'float64', description: 'How badly, in the unit of `varies`.' },
    varies: { type: 'utf8', description: 'The quantity that the level is of, with its unit.' },
    seed: { type: 'int64', description: 'Seed of the recording.' },
    spikes: { type: 'int32', unit: 'spikes', description: 'Detected spikes.' },
    missed_share: share('True share of the spikes, detected and missed, that did not reach the threshold.'),
    missed_fraction: maybeShare('The share as estimated over the whole recording; null where it cannot be.'),
    missed_fraction_low: maybeShare('Lower end of its 95 % interval.'),
    missed_fraction_high: maybeShare('Upper end.'),
    missed_fraction_in_windows: maybeShare('The share as estimated in windows; null where it cannot be.'),
    missed_fraction_in_windows_low: maybeShare('Lower end of its 95 % interval.'),
    missed_fraction_in_windows_high: maybeShare('Upper end.'),
    edge_fraction: maybeShare('Share of the detected spikes within one MAD of the threshold.'),
    amplitude_cutoff: maybeShare("SpikeInterface's measure of the missed share; null under 500 spikes."),
    uncut_gaussian: maybeShare('Missed share by a Gaussian that knows of no threshold.'),
    worst_window: { type: 'utf8', description: 'Outcome of the criterion on the worst window.' },
    verdict: { type: 'utf8', description: 'accept, borderline or reject.' },
    deciding: { type: 'utf8', description: 'The criteria that decided, with spaces between; empty where accepted.' },
  },
} as const satisfies TableSchema;
