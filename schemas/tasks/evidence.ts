/** Parameters and tables of `tasks/evidence.ts`. */
import type { TableSchema } from 'groundproof/task';

export const evidenceParams = {
  type: 'object',
  description: 'What is said follows from the judged recordings alone.',
  properties: {},
  additionalProperties: false,
} as const;

const count = (description: string) => ({ type: 'int32', description }) as const;
const maybeCount = (description: string) => ({ type: 'int32', nullable: true, description }) as const;
const maybeShare = (description: string) => ({ type: 'float64', nullable: true, description }) as const;

export const levelsTable = {
  description: 'What the verdict does at each level of each scenario, and what the verdict before it did.',
  columns: {
    scenario: { type: 'utf8', description: 'What befell the recordings.' },
    level: { type: 'float64', description: 'How badly, in the unit of `varies`.' },
    varies: { type: 'utf8', description: 'The quantity that the level is of.' },
    half: { type: 'utf8', description: '`set` or `held back`.' },
    recordings: count('How many.'),
    missed: { type: 'float64', description: 'Median of the true shares of missed spikes.' },
    missed_least: { type: 'float64', description: 'Smallest of them.' },
    missed_most: { type: 'float64', description: 'Largest.' },
    extra: { type: 'float64', description: "Median of the true shares of detected spikes that are not the cell's." },
    accept: count('Accepted.'),
    borderline: count('Borderline.'),
    reject: count('Rejected.'),
    accept_before: maybeCount('Accepted by the verdict before; null where it did not judge them.'),
    borderline_before: maybeCount('Borderline before.'),
    reject_before: maybeCount('Rejected before.'),
    accept_with_array: maybeCount('Accepted with the array beside, of those that were judged so; null if none was.'),
    borderline_with_array: maybeCount('Borderline with the array.'),
    reject_with_array: maybeCount('Rejected with the array.'),
    missed_fraction: maybeShare('Median of the share as estimated over the whole recording.'),
    missed_fraction_in_windows: maybeShare('Median of the share as estimated in windows.'),
    tail_below_threshold: maybeShare('Median of the share seen below the threshold.'),
    intervals: count('Intervals of missed_fraction that are given.'),
    intervals_hold: count('Of these, those that hold the true share of the recording.'),
    intervals_in_windows: count('Intervals of missed_fraction_in_windows that are given.'),
    intervals_in_windows_hold: count('Of these, those that hold the true share.'),
    deciding: { type: 'utf8', description: 'The criteria that decided most often, with how often.' },
  },
} as const satisfies TableSchema;

export const totalsTable = {
  description: 'What the verdict does over all scenarios of a half, and what the verdict before it did.',
  columns: {
    half: { type: 'utf8', description: '`set` or `held back`.' },
    measure: { type: 'utf8', description: 'What is counted.' },
    of: count('Recordings, intervals or sets of periods of which it is counted.'),
    now: count('Counted.'),
    of_before: count('The same of the verdict before, on those recordings that it judged.'),
    before: count('Counted.'),
  },
} as const satisfies TableSchema;

export const arrayTotalsTable = {
  description: 'What the verdict does without and with the array, on recordings that were judged both ways.',
  columns: {
    half: { type: 'utf8', description: '`set` or `held back`.' },
    snr: {
      type: 'utf8',
      description: 'Range of the matched-filter SNR; an array that cannot be asked counts as under 10.',
    },
    measure: { type: 'utf8', description: 'What is counted.' },
    of_alone: count('Recordings, intervals or sets of periods of which it is counted, by the pipette alone.'),
    alone: count('Counted.'),
    of_with_array: count('The same with the array beside.'),
    with_array: count('Counted.'),
  },
} as const satisfies TableSchema;
