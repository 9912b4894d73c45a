/** Parameters and tables of `tasks/detect.ts`. */
import type { TableSchema } from 'groundproof/task';

export const detectParams = {
  type: 'object',
  description: 'How spikes are told from noise in the juxtacellular trace.',
  properties: {
    mad_multiplier: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 8,
      description: 'k: how many MADs the detection level lies from the baseline.',
    },
    tail_multiplier: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 5,
      description:
        'How many MADs from the baseline peaks count as the tail below the threshold: as low as noise allows. At 5, ' +
        'Gaussian noise gives about one in five minutes at 20 kHz.',
    },
    half_width: {
      type: 'integer',
      minimum: 1,
      default: 10,
      description: 'A peak is the extreme of this many samples on either side.',
    },
    peak_sign: {
      enum: ['-', '+', 'neg', 'pos'],
      default: '-',
      description: 'Whether spikes point down (- or neg) or up (+ or pos).',
    },
    threshold_rule: {
      enum: ['notebook', 'baseline'],
      default: 'notebook',
      description:
        'Detection level of negative peaks: -(median + k MAD), as the notebook has it, or median - k MAD. ' +
        'They differ where the median is not 0. For positive peaks both are median + k MAD.',
    },
    match_tolerance: {
      type: 'number',
      minimum: 0,
      default: 0.5,
      description: "How far in ms a detected spike may lie from the authors' spike that it stands for.",
    },
  },
  additionalProperties: false,
} as const;

export const peaksTable = {
  description: 'Spikes detected in the juxtacellular trace, in order of time.',
  columns: {
    sample_index: { type: 'int64', unit: 'samples', description: 'Sample of the peak, counted from 0.' },
    time: { type: 'float64', unit: 's', description: 'The same as time from the start of the recording.' },
    amplitude: { type: 'float32', description: "Value of the trace at the peak, in the trace's own unit." },
  },
} as const satisfies TableSchema;

export const noiseTable = {
  description: 'Noise of the juxtacellular trace and the threshold made from it; one row.',
  columns: {
    n_samples: { type: 'int64', unit: 'samples', description: 'Samples of the trace.' },
    sampling_rate: { type: 'float64', unit: 'Hz', description: 'Samples a second.' },
    median: { type: 'float64', description: 'Median of the trace: its baseline.' },
    mad: { type: 'float64', description: 'Median absolute deviation from the median, times 1.4826.' },
    threshold: {
      type: 'float64',
      description:
        'Distance of the detection level from 0: negative peaks lie below -threshold, positive peaks above threshold. ' +
        'By the rule `notebook` it is median + k MAD; by `baseline` it is k MAD - median for negative peaks.',
    },
  },
} as const satisfies TableSchema;

export const belowThresholdTable = {
  description:
    'Peaks of the juxtacellular trace between tail_multiplier MADs from the baseline and the detection level, in order of ' +
    'time: spikes that the threshold hid, and noise, which the mirrored ones measure. Peaks within 2 ms of a detected ' +
    'spike, or within 8 ms after spikes of which they reach little more than a tenth, are left out on both sides; of peaks within 2 ms of each other the highest counts. Empty when the level lies no higher, or the threshold is not above 0.',
  columns: {
    sample_index: { type: 'int64', unit: 'samples', description: 'Sample of the peak, counted from 0.' },
    time: { type: 'float64', unit: 's', description: 'The same as time from the start of the recording.' },
    amplitude: { type: 'float32', description: "Value of the trace at the peak, in the trace's own unit." },
    mirrored: {
      type: 'bool',
      description: 'False on the side of the spikes; true for peaks of the other sign, as far from the baseline.',
    },
  },
} as const satisfies TableSchema;

export const noiseWindowsTable = {
  description: 'Noise of the juxtacellular trace in windows of 10 s, back to back; a rest of under 5 s joins the last.',
  columns: {
    start_sample: { type: 'int64', unit: 'samples', description: 'First sample.' },
    end_sample: { type: 'int64', unit: 'samples', description: 'The sample after the last.' },
    median: { type: 'float64', description: 'Median of the window.' },
    mad: { type: 'float64', description: 'Median absolute deviation from it, times 1.4826.' },
  },
} as const satisfies TableSchema;

export const triggersAgreementTable = {
  description: "Detected spikes compared with the authors' own; one row, nulls where the recording has none of theirs.",
  columns: {
    authors: { type: 'int64', unit: 'spikes', nullable: true, description: "Spikes in the authors' list." },
    found: { type: 'int64', unit: 'spikes', nullable: true, description: 'Of these, detected within the tolerance.' },
    missed: { type: 'int64', unit: 'spikes', nullable: true, description: 'Of these, not detected.' },
    extra: { type: 'int64', unit: 'spikes', nullable: true, description: "Detected, but not in the authors' list." },
    median_offset: {
      type: 'float64',
      unit: 'samples',
      nullable: true,
      description:
        "Median over the authors' spikes of the signed distance to the nearest detected one, however far: " +
        'a constant shift shows here. Null where either list is empty.',
    },
  },
} as const satisfies TableSchema;
