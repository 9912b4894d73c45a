/** Parameters and tables of `tasks/roc.ts`. */
import type { TableSchema } from 'groundproof/task';

export const rocParams = {
  type: 'object',
  description: 'The curves follow from the judged recordings alone.',
  properties: {},
  additionalProperties: false,
} as const;

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
