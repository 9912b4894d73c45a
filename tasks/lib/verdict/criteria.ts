/** The registry of criteria: the name of each in words, its side and unit, and the parameter of `verdict` that is its limit. */
import type { VerdictLimits } from './limits.ts';

export interface CriterionFacts {
  /** The name in words, as the report prints it. */
  readonly label: string;
  /** The side of the limit on which a value must lie. */
  readonly side: 'at least' | 'at most';
  /** The unit of value, interval and limit; `%`: they are shares of 1. */
  readonly unit: Unit;
  /** The parameter that holds the limit. */
  readonly limit: keyof VerdictLimits;
  /** Advice for a user who has to decide a doubt, after `to decide, `; undefined if the criterion is never doubtful. */
  readonly toDecide?: string;
}

export type Unit = '%' | 'MAD' | 'ms' | 's' | 'sd' | '';

const belowTheThreshold = 'look at the peaks below the threshold';
const onTheArray = 'look on the array whether the cell fired meanwhile';

export const CRITERIA = {
  spike_count: { label: 'Spikes', side: 'at least', unit: '', limit: 'minimum_spikes' },
  threshold_height: {
    label: 'Height of the threshold',
    side: 'at least',
    unit: 'MAD',
    limit: 'minimum_threshold_height',
  },
  edge_fraction: {
    label: 'Spikes at the threshold',
    side: 'at most',
    unit: '%',
    limit: 'maximum_edge_fraction',
    toDecide: 'lower the threshold and see whether spikes appear below it',
  },
  missed_fraction: {
    label: 'Missed spikes',
    side: 'at most',
    unit: '%',
    limit: 'maximum_missed_fraction',
    toDecide: belowTheThreshold,
  },
  missed_fraction_in_windows: {
    label: 'Missed spikes in windows',
    side: 'at most',
    unit: '%',
    limit: 'maximum_missed_fraction',
    toDecide: belowTheThreshold,
  },
  tail_below_threshold: {
    label: 'Tail below the threshold',
    side: 'at most',
    unit: '%',
    limit: 'maximum_missed_fraction',
    toDecide: belowTheThreshold,
  },
  worst_window: {
    label: 'Missed spikes in the worst window',
    side: 'at most',
    unit: '%',
    limit: 'maximum_missed_fraction',
    toDecide: 'look at the trace there, or use the accepted periods alone',
  },
  longest_silence: {
    label: 'Longest silence',
    side: 'at most',
    unit: 's',
    limit: 'maximum_silence',
    toDecide: onTheArray,
  },
  short_silences: {
    label: 'Time in short silences',
    side: 'at most',
    unit: '%',
    limit: 'maximum_short_silences',
    toDecide: onTheArray,
  },
  presence: { label: 'Presence', side: 'at least', unit: '%', limit: 'minimum_presence' },
  amplitude_modes: {
    label: 'Sizes of spikes',
    side: 'at most',
    unit: '',
    limit: 'maximum_amplitude_modes',
    toDecide: 'compare the waveforms of large and small spikes',
  },
  amplitude_step: {
    label: 'Sharpest step of amplitude',
    side: 'at most',
    unit: 'sd',
    limit: 'maximum_amplitude_step',
    toDecide: 'compare the waveforms before and after',
  },
  amplitude_drift: {
    label: 'Drift of amplitude',
    side: 'at most',
    unit: '',
    limit: 'maximum_amplitude_drift',
    toDecide: 'compare the waveforms of large and small spikes',
  },
  short_intervals: {
    label: 'Intervals under 1 ms',
    side: 'at most',
    unit: '%',
    limit: 'maximum_short_intervals',
    toDecide: 'look at the spikes less than 1 ms apart',
  },
  double_detections: {
    label: 'Spikes counted twice',
    side: 'at most',
    unit: '%',
    limit: 'maximum_double_detections',
    toDecide: 'look at the pairs of spikes in the trace',
  },
  refractory_contamination: {
    label: "Other cells' spikes",
    side: 'at most',
    unit: '%',
    limit: 'maximum_contamination',
    toDecide: 'look at the spikes that follow another too soon',
  },
  clipping: {
    label: 'Clipped spikes',
    side: 'at most',
    unit: '%',
    limit: 'maximum_clipping',
    toDecide: 'look at the tallest spikes in the trace',
  },
  noise_change: {
    label: 'Change of the noise',
    side: 'at most',
    unit: '',
    limit: 'maximum_noise_change',
    toDecide: 'look at the trace where the noise is loudest',
  },
  peak_snr: { label: 'SNR on the array', side: 'at least', unit: '', limit: 'minimum_peak_snr' },
  array_lag: { label: 'Lag of the array', side: 'at most', unit: 'ms', limit: 'maximum_array_lag' },
  array_missed: {
    label: 'Missed spikes by the array',
    side: 'at most',
    unit: '%',
    limit: 'maximum_missed_fraction',
    toDecide: 'look at the events that the array alone shows',
  },
  false_spikes: {
    label: 'Spikes not on the array',
    side: 'at most',
    unit: '%',
    limit: 'maximum_false_spikes',
    toDecide: 'look at the spikes that the array does not show',
  },
  second_cell: { label: 'Spikes of a second cell', side: 'at most', unit: '%', limit: 'maximum_false_spikes' },
  authors_agreement: {
    label: "Agreement with the authors' spikes",
    side: 'at least',
    unit: '%',
    limit: 'minimum_authors_agreement',
    toDecide: 'compare the two lists of spikes where they differ',
  },
} as const satisfies { readonly [criterion: string]: CriterionFacts };

export type CriterionName = keyof typeof CRITERIA;

export const factsOfCriterion = (criterion: CriterionName): CriterionFacts => CRITERIA[criterion];
