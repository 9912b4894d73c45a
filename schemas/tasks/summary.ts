/** Parameters and tables of `tasks/summary.ts`. */
import type { TableSchema } from 'groundproof/task';
import { gtInfoTable } from './snr.ts';

export const summaryParams = {
  type: 'object',
  description: 'The summary follows from its inputs alone.',
  properties: {},
  additionalProperties: false,
} as const;

export const gtInfoSummaryTable = {
  description: "The ground truth of every recording, one a row, in the pipeline's order.",
  columns: {
    recording: { type: 'utf8', description: 'Name of the recording.' },
    ...gtInfoTable.columns,
  },
} as const satisfies TableSchema;

export const verdictsTable = {
  description: "The verdicts on all recordings, one a row, in the pipeline's order, beside the published decisions.",
  columns: {
    recording: { type: 'utf8', description: 'Name of the recording.' },
    verdict: { type: 'utf8', description: 'accept, borderline or reject.' },
    published: {
      type: 'utf8',
      nullable: true,
      description: 'What was published: accepted or rejected; null where nothing was.',
    },
    agrees: {
      type: 'bool',
      nullable: true,
      description:
        'Whether the two agree; null where nothing was published, and of a borderline recording, which does neither.',
    },
    reason: { type: 'utf8', description: 'Why, in one sentence.' },
  },
} as const satisfies TableSchema;
