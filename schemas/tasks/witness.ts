/** Parameters and tables of `tasks/witness.ts`. */
import type { TableSchema } from 'groundproof/task';

export const witnessParams = {
  type: 'object',
  description: 'What the array shows hangs on the recording and on the spikes of the pipette.',
  properties: {},
  additionalProperties: false,
} as const;

export const witnessTable = {
  description: 'What the array shows of the pipette’s spikes; one row. Null where it cannot be asked.',
  columns: {
    silent: {
      type: 'utf8',
      nullable: true,
      description:
        'Why the array cannot be asked: no waveform, one electrode, too few spikes, not recording, equal electrodes, no quiet stretch, ' +
        'spikes not seen, shifted, or seen for a part; null where it can.',
    },
    snr: {
      type: 'float64',
      nullable: true,
      description: 'Median score of the cell’s spikes over the noise of the scores.',
    },
    electrodes: { type: 'utf8', description: 'Electrodes that were asked, the best one first, comma-separated.' },
    looked_up: {
      type: 'int32',
      nullable: true,
      description: 'Spikes of the pipette that were looked up on the array.',
    },
    unseen: { type: 'int32', nullable: true, description: 'Of these, those that the array did not see.' },
    passing: {
      type: 'int32',
      nullable: true,
      description: 'Of the others, those that would be taken for the cell’s if they were peaks below the threshold.',
    },
    separation: {
      type: 'float64',
      nullable: true,
      description: 'Ashman’s D between two groups of spikes by their shape on the array; one cell gives 2.7.',
    },
    valley: {
      type: 'float64',
      nullable: true,
      description: 'Density between the groups over that of the lower one’s peak.',
    },
    second_share: { type: 'float64', nullable: true, description: 'Share of the seen spikes in the smaller group.' },
    matched: { type: 'int32', nullable: true, description: 'Spikes of the pipette that the array saw clearly.' },
    unmatched: {
      type: 'int32',
      nullable: true,
      description: 'Events like the cell, 2 ms or more from every spike of the pipette.',
    },
    refractory: {
      type: 'int32',
      nullable: true,
      description: 'Events like the cell 0.6 to 2 ms from a spike, where the cell cannot fire: other cells.',
    },
    following: {
      type: 'int32',
      nullable: true,
      description:
        'Smaller events of the cell’s shape 2 to 15 ms after an event of the cell, as the later spikes of bursts are.',
    },
    preceding: { type: 'int32', nullable: true, description: 'The same 2 to 15 ms before one: as many are by chance.' },
    outside: {
      type: 'int64',
      unit: 'samples',
      nullable: true,
      description: 'Time in which unmatched events could lie.',
    },
    inside: {
      type: 'int64',
      unit: 'samples',
      nullable: true,
      description: 'Time in which refractory events could lie.',
    },
  },
} as const satisfies TableSchema;

export const spikeScoresTable = {
  description: 'Each spike of the pipette as the array shows it.',
  columns: {
    sample_index: { type: 'int64', unit: 'samples', description: 'Sample of the peak in the juxtacellular trace.' },
    score: { type: 'float64', description: '1: just like the cell’s median waveform; around 0: nothing of it.' },
    clear: { type: 'bool', description: 'Whether size and shape are as clear as a candidate’s have to be.' },
  },
} as const satisfies TableSchema;

export const tailScoresTable = {
  description: 'Each row of `below_threshold`, but those at the very ends, and whose the array says it is.',
  columns: {
    sample_index: { type: 'int64', unit: 'samples', description: 'Sample of the peak in the juxtacellular trace.' },
    score: { type: 'float64', description: 'As in `spike_scores`.' },
    whose: { type: 'utf8', description: 'cell; another, which may be noise; or unknown.' },
  },
} as const satisfies TableSchema;

export const missedCandidatesTable = {
  description:
    'Moments at which the array shows the cell and the pipette’s list has no spike. They never enter the ground truth: a ' +
    'truth that the array made would be no test of sorters that read the array.',
  columns: {
    sample_index: { type: 'int64', unit: 'samples', description: 'When the pipette should show it.' },
    time: { type: 'float64', unit: 's', description: 'The same in seconds.' },
    score: { type: 'float64', description: 'As in `spike_scores`.' },
    in_burst: {
      type: 'bool',
      description:
        'Whether it is one of the smaller events that follow a spike, of which as many as precede one are other cells’.',
    },
    counted: {
      type: 'bool',
      description:
        'Whether it lies among the middle ones of the cell’s own spikes, which are counted together with it; the others are listed only.',
    },
    whose: {
      type: 'utf8',
      description:
        'another: its shape is none of 95 % of the cell’s own spikes; cell: it is counted, scores 0.6 or more, and most of its kind are ' +
        'the cell’s (by the refractory zone, or in bursts by how many follow a spike); else unknown.',
    },
    height: {
      type: 'float64',
      unit: 'MAD',
      description: 'How far the pipette’s trace goes from its baseline within 0.2 ms, on the side of the spikes.',
    },
  },
} as const satisfies TableSchema;

export const missedWaveformTable = {
  description: 'The pipette’s trace around the candidates, averaged: a spike that the threshold hid shows here.',
  columns: {
    sample: { type: 'int32', unit: 'samples', description: 'Time from the candidate.' },
    mean: { type: 'float64', nullable: true, description: 'In the trace’s own unit; null without candidates.' },
  },
} as const satisfies TableSchema;
