/** Parameters and tables of `tasks/verdict.ts`. */
import type { TableSchema } from 'groundwork/task';

export const verdictParams = {
  type: 'object',
  description: 'What a recording must meet to count as ground truth.',
  properties: {
    recording: { type: 'string', minLength: 1, description: 'Name of the recording.' },
    minimum_spikes: {
      type: 'integer',
      minimum: 1,
      default: 100,
      description:
        'Fewest detected spikes. Of the published recordings one with 80 was thrown out for too few and the smallest ' +
        'that was kept has 380; with 100 spikes one chance spike at the threshold is still within the edge limit.',
    },
    minimum_threshold_height: {
      type: 'number',
      minimum: 0,
      default: 5,
      description:
        'Fewest MADs from the baseline to the detection level. At 5 Gaussian noise crosses it about once in five minutes ' +
        'at 20 kHz, at 4 about 200 times; an offset baseline can bring it down to the noise whatever the multiplier is.',
    },
    maximum_edge_fraction: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.01,
      description:
        'Largest share of the spikes within one MAD beyond the detection level. Published recordings: at most 0.0001 ' +
        'where accepted, at least 0.1 where rejected.',
    },
    maximum_missed_fraction: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.05,
      description:
        'Largest share of missed spikes. Published recordings: upper bound of at most 0.024 where accepted, lower bound ' +
        'of at least 0.075 where rejected.',
    },
    minimum_peak_snr: {
      type: 'number',
      minimum: 0,
      default: 0,
      description:
        'Lowest signal-to-noise ratio on the best electrode. The notebook sets no limit; it must be computable, though: ' +
        'spikes that the array did not record are no ground truth for it.',
    },
  },
  required: ['recording'],
  additionalProperties: false,
} as const;

export const criteriaTable = {
  description: 'What the verdict follows from, one criterion a row.',
  columns: {
    criterion: { type: 'utf8', description: 'Name of the measure.' },
    value: { type: 'float64', nullable: true, description: 'What was measured; null where it cannot be computed.' },
    low: { type: 'float64', nullable: true, description: 'Lower end of the 95 % interval; null where there is none.' },
    high: { type: 'float64', nullable: true, description: 'Upper end of the 95 % interval; null where there is none.' },
    limit: { type: 'float64', description: 'The limit it is held against.' },
    passed: {
      type: 'bool',
      description: 'Whether the value, and its whole interval, is within the limit; false where it cannot be computed.',
    },
    reason: { type: 'utf8', description: 'The same in words and numbers.' },
  },
} as const satisfies TableSchema;

export const verdictTable = {
  description: 'Whether the recording can serve as ground truth; one row.',
  columns: {
    recording: { type: 'utf8', description: 'Name of the recording.' },
    verdict: {
      type: 'utf8',
      description:
        'accept; reject; or borderline, when nothing fails but the interval of a measure straddles its limit.',
    },
    reason: { type: 'utf8', description: 'What decided, in words and numbers.' },
  },
} as const satisfies TableSchema;

export const acceptedPeriodsTable = {
  description: 'Periods in which the recording can serve as ground truth, in order; no row where it cannot.',
  columns: {
    start_sample: { type: 'int64', unit: 'samples', description: 'First sample of the period.' },
    end_sample: { type: 'int64', unit: 'samples', description: 'Sample after its last.' },
  },
} as const satisfies TableSchema;
