/** Parameters and tables of `tasks/verdict.ts`. */
import type { TableSchema } from 'groundproof/task';

/** docs/verdict.md tells how each default was chosen, and its effect on recordings of known truth. */
export const verdictParams = {
  type: 'object',
  description: 'What a recording must meet to count as ground truth.',
  properties: {
    recording: { type: 'string', minLength: 1, description: 'Name of the recording.' },
    minimum_spikes: {
      type: 'integer',
      minimum: 1,
      default: 100,
      description: 'Fewest detected spikes: with 100, one chance spike at the threshold is within the edge limit.',
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
        'Largest share of the spikes within one MAD beyond the detection level, over all and in any window. Over it and the ' +
        'missed fraction over its limit too rejects; one alone is a doubt. A Gaussian that lost 5 % puts more there ' +
        'unless its sd is over 11 MAD.',
    },
    maximum_missed_fraction: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.05,
      description:
        'Largest share of missed spikes, over all and in any window: the accuracy of sorters is told apart to a few percent.',
    },
    maximum_missed_interval: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.2,
      description:
        'Widest 95 % interval of the missed fraction that still says something when it holds the limit; a wider one rejects: ' +
        'it cannot tell a sound recording from one that lost a fifth of its spikes.',
    },
    tail_multiplier: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 5,
      description: 'How many MADs from the baseline `below_threshold` begins: as `detect` was told.',
    },
    window: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 10,
      description: 'Seconds of a window: half of a dip of 20 s, so that such a dip fills one wherever it lies.',
    },
    window_spikes: {
      type: 'integer',
      minimum: 10,
      default: 30,
      description:
        'Windows with fewer spikes are merged: each costs the fit a mean, and fewer would bias the common sd.',
    },
    maximum_silence: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 2,
      description: 'Seconds of a silence that is never in doubt by itself: cells pause for a second or two.',
    },
    maximum_silence_times: {
      type: 'number',
      minimum: 1,
      default: 3,
      description:
        'How many times the longest silence of a steady random rate, ln(n) / rate, is explained. At 3 the chance of a longer ' +
        'one is 1 / n^2 over the whole recording of n spikes; a longer one is in doubt.',
    },
    maximum_short_silences: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.03,
      description:
        'Largest share of the time, by the low end of its interval, in silences that last longer than the rate around them explains, each too ' +
        'short to be in doubt by itself; more is a doubt.',
    },
    minimum_presence: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.9,
      description:
        'Smallest share of the recording, by its true length, outside silences that the rate does not explain; 0.9 is the ' +
        "usual limit of SpikeInterface's presence_ratio.",
    },
    maximum_amplitude_modes: {
      type: 'integer',
      minimum: 1,
      default: 1,
      description: 'Most sizes of spikes in the distribution of amplitudes; more are a doubt.',
    },
    maximum_amplitude_step: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 5,
      description:
        'Sharpest step of amplitude between 10 spikes and the next 10, in their sd; a sharper one is a doubt. At 5 less than 1 % ' +
        'of the spikes of either side could be taken for the other. Chance gives 3.5 once in a million (t, 18 degrees of freedom).',
    },
    maximum_amplitude_drift: {
      type: 'number',
      minimum: 1,
      default: 4,
      description:
        'How many times the mean amplitude of the lowest window that of the highest may be; more is a doubt. Drift clear of ' +
        'the threshold hides no spike, so the limit is wide.',
    },
    maximum_short_intervals: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.01,
      description:
        'Largest share of intervals under 1 ms, which no cell fires: each is a spike counted twice, or not of this cell.',
    },
    maximum_double_detections: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.05,
      description:
        'Largest share of spikes that follow another by one and the same latency of 1 to 5 ms: a second trough is counted.',
    },
    maximum_contamination: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.1,
      description:
        "Largest share of spikes that are not this cell's, by those that come within a refractory period (Llobet et al. 2022); held against the " +
        'low end of its interval. More is a doubt.',
    },
    maximum_clipping: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.01,
      description:
        'Largest share of spikes that have exactly the greatest height, cut there by amplifier or converter; more is a doubt.',
    },
    maximum_noise_change: {
      type: 'number',
      minimum: 1,
      default: 2,
      description:
        'How many times the noise of the quietest window of 10 s that of the loudest may be; more is a doubt.',
    },
    minimum_peak_snr: {
      type: 'number',
      minimum: 0,
      default: 0,
      description:
        'Lowest signal-to-noise ratio on the best electrode. The notebook sets no limit; it must be computable, though: ' +
        'spikes that the array did not record are no ground truth for it.',
    },
    maximum_array_lag: {
      type: 'number',
      minimum: 0,
      default: 0.4,
      description:
        'Largest change, in ms, of the time from a spike in the pipette to the waveform on the array between the first and the last ' +
        "third of the recording: SpikeInterface's comparison with a sorter matches spikes within 0.4 ms.",
    },
    minimum_array_snr: {
      type: 'number',
      minimum: 0,
      default: 10,
      description:
        'Least matched-filter SNR of the cell on the array at which the array is asked. Under 10 other cells score as high as ' +
        'this one.',
    },
    maximum_false_spikes: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.05,
      description:
        'Largest share of spikes that are not the cell’s by the array: artefacts, and spikes of a second cell. As for missed ' +
        'spikes.',
    },
    minimum_authors_agreement: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0,
      description:
        "Smallest agreement with the authors' own spikes, pairs over all spikes of either list; less is a doubt. 0: shown, " +
        'but no limit, for such lists were wrong in places.',
    },
    minimum_period: {
      type: 'number',
      minimum: 0,
      default: 30,
      description: 'Seconds of the shortest accepted period: three windows that are sound in a row are not chance.',
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
    low: {
      type: 'float64',
      nullable: true,
      description: 'Lower end of the 95 % interval (99.7 % of worst_window); null where there is none.',
    },
    high: { type: 'float64', nullable: true, description: 'Upper end of it; null where there is none.' },
    limit: { type: 'float64', description: 'The limit it is held against.' },
    passed: { type: 'bool', description: 'Whether nothing speaks against the recording here: outcome is `passed`.' },
    outcome: {
      type: 'utf8',
      description:
        'passed; doubtful: over the limit, but not beyond doubt; unknown: it cannot be computed; unasked: the array cannot be ' +
        'asked; failed: over the limit, or what must be known cannot be computed.',
    },
    passes_at: {
      type: 'float64',
      nullable: true,
      description: 'The strictest limit at which it would pass; null where no limit would change the outcome.',
    },
    reason: { type: 'utf8', description: 'The same as a sentence, with its numbers.' },
  },
} as const satisfies TableSchema;

export const verdictTable = {
  description: 'Whether the recording can serve as ground truth; one row.',
  columns: {
    recording: { type: 'utf8', description: 'Name of the recording.' },
    verdict: {
      type: 'utf8',
      description:
        'accept; reject, when a criterion failed; or borderline, when none failed but one is doubtful or unknown.',
    },
    reason: { type: 'utf8', description: 'Why, in one sentence.' },
  },
} as const satisfies TableSchema;

export const windowsTable = {
  description:
    'The recording in windows, back to back: how many spikes are missing in each. Empty where no fit is possible.',
  columns: {
    start_sample: { type: 'int64', unit: 'samples', description: 'First sample.' },
    end_sample: { type: 'int64', unit: 'samples', description: 'The sample after the last.' },
    spikes: { type: 'int32', unit: 'spikes', description: 'Detected spikes.' },
    missed_fraction: { type: 'float64', description: 'Share of all spikes, detected and missed, below the threshold.' },
    missed_fraction_low: { type: 'float64', description: 'Lower end of its 99.7 % interval.' },
    missed_fraction_high: { type: 'float64', description: 'Upper end.' },
    edge_fraction: {
      type: 'float64',
      nullable: true,
      description: 'Share of the spikes within one MAD of the threshold; null where the MAD is 0.',
    },
    sound: { type: 'bool', description: 'Whether nothing in the window speaks for missed spikes.' },
  },
} as const satisfies TableSchema;

export const acceptedPeriodsTable = {
  description:
    'Stretches in which the recording can serve as ground truth: its sound windows without unexplained silences and, unless it is accepted, without ' +
    'steps; none where spikes are too few or counted twice, noise is counted, the cell may be lost for moments, or the array saw nothing.',
  columns: {
    start_sample: { type: 'int64', unit: 'samples', description: 'First sample.' },
    end_sample: { type: 'int64', unit: 'samples', description: 'The sample after the last.' },
  },
} as const satisfies TableSchema;
