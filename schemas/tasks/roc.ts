/** Parameters and tables of `tasks/roc.ts`. */
import type { TableSchema } from 'groundwork/task';

export const rocParams = {
  type: 'object',
  description: 'The curves follow from the judged recordings alone.',
  properties: {},
  additionalProperties: false,
} as const;

const median = (what: string) =>
  ({
    type: 'float64',
    nullable: true,
    description: `Median of ${what}, where there is one; null where there is none.`,
  }) as const;

export const levelsTable = {
  description: 'How the verdicts fall at each level of each scenario.',
  columns: {
    scenario: { type: 'utf8', description: 'What befell the recordings.' },
    level: { type: 'float64', description: 'How badly, in the unit of `varies`.' },
    varies: { type: 'utf8', description: 'The quantity that the level is of, with its unit.' },
    recordings: { type: 'int32', description: 'How many.' },
    missed_share: { type: 'float64', description: 'Mean of the true shares of missed spikes.' },
    accept: { type: 'float64', description: 'Share of the recordings that are accepted.' },
    borderline: { type: 'float64', description: 'Share that is borderline.' },
    reject: { type: 'float64', description: 'Share that is rejected.' },
    missed_fraction: median('the missed share as estimated over the whole recording'),
    missed_fraction_in_windows: median('the missed share as estimated in windows'),
    edge_fraction: median('the share of the spikes within one MAD of the threshold'),
    amplitude_cutoff: median("SpikeInterface's measure of the missed share"),
    uncut_gaussian: median('the missed share by a Gaussian that knows of no threshold'),
  },
} as const satisfies TableSchema;

export const witnessesTable = {
  description:
    'How well the verdict and single measures tell recordings that lost 10 % of their spikes or more from those that lost 1 % at most.',
  columns: {
    witness: { type: 'utf8', description: 'The measure; `reject` and `reject_or_borderline` are the verdict.' },
    area: { type: 'float64', description: 'Area under its curve: 1 tells all apart, 0.5 is chance.' },
    limit: {
      type: 'float64',
      description: 'The limit in use: what lies over it is flagged. A verdict counts 0, 1, 2 from accept to reject.',
    },
    true_positive: { type: 'float64', description: 'Share of the recordings that lost spikes it flags at that limit.' },
    false_positive: { type: 'float64', description: 'Share of the others that it flags.' },
    between: { type: 'float64', description: 'Share it flags of those that lost between 1 and 10 %.' },
    positives: { type: 'int32', description: 'Recordings that lost spikes and of which it says something.' },
    negatives: { type: 'int32', description: 'Others of which it says something.' },
  },
} as const satisfies TableSchema;

export const rocTable = {
  description: 'The curves: what is flagged as the limit falls.',
  columns: {
    witness: { type: 'utf8', description: 'The measure.' },
    limit: { type: 'float64', description: 'What lies over it is flagged.' },
    false_positive: { type: 'float64', description: 'Share of the complete recordings that is flagged.' },
    true_positive: { type: 'float64', description: 'Share of those that lost spikes.' },
  },
} as const satisfies TableSchema;
