/** The criteria of the verdict: what each measures, and how it is said to a neuroscientist. */
import type { MissedFraction } from '../signal/truncated-gaussian.ts';
import { type Criterion, intervalOutcome, outcomeOf } from './criterion.ts';

const noInterval = { low: null, high: null };

export function spikeCount(value: number, limit: number): Criterion {
  const outcome = outcomeOf(value, 'at least', limit);
  const reason = outcome === 'passed' ? `${value} spikes` : `${value} spikes, fewer than ${limit}`;
  return { criterion: 'spike_count', value, ...noInterval, limit, outcome, reason };
}

/** How many MADs the detection level lies from the baseline, on the side of the spikes. */
export function thresholdHeight(height: number, mad: number, limit: number): Criterion {
  const value = mad > 0 ? height / mad : null;
  const outcome = outcomeOf(value, 'at least', limit);
  const reason =
    value === null
      ? 'the height of the detection level in MADs cannot be computed: the MAD of the trace is 0'
      : outcome === 'passed'
        ? `detection level ${value.toFixed(1)} MAD from the baseline`
        : `detection level ${value.toFixed(1)} MAD from the baseline, less than ${limit}: noise counts as spikes`;
  return { criterion: 'threshold_height', value, ...noInterval, limit, outcome, reason };
}

export function edgeCriterion(value: number | null, limit: number): Criterion {
  const outcome = outcomeOf(value, 'at most', limit);
  const reason =
    value === null
      ? 'the share of spikes at the threshold cannot be computed: there are no spikes, or the MAD of the trace is 0'
      : `${percent(value)} of the spikes lie within one MAD of the threshold, ${against(outcome === 'passed', limit)}`;
  return { criterion: 'edge_fraction', value, ...noInterval, limit, outcome, reason };
}

export function missedCriterion(missed: MissedFraction, limit: number): Criterion {
  const criterion = 'missed_fraction';
  switch (missed.kind) {
    case 'too-few-spikes': {
      const reason = 'the share of missing spikes cannot be estimated: too few spikes';
      return { criterion, value: null, ...noInterval, limit, outcome: 'failed', reason };
    }
    case 'mode-at-threshold': {
      const low = missed.atLeast;
      const reason =
        `at least ${percent(low)} of the spikes are missing, how many cannot be estimated: ` +
        'the peak of their distribution is at or below the threshold';
      return { criterion, value: null, low, high: null, limit, outcome: 'failed', reason };
    }
    case 'estimated': {
      const { estimate: value, low, high } = missed;
      const outcome = intervalOutcome(low, high, limit);
      const ending =
        outcome === 'straddles' ? `around the limit of ${limitPercent(limit)}` : against(outcome === 'passed', limit);
      const interval = high < NEGLIGIBLE ? '' : ` (95 % interval ${number(low)} to ${percent(high)})`;
      const reason = `${percent(value)} of the spikes are missing${interval}, ${ending}`;
      return { criterion, value, low, high, limit, outcome, reason };
    }
  }
}

/** Signal-to-noise ratio on the best electrode. */
export function snrCriterion(value: number | null, limit: number): Criterion {
  const outcome = outcomeOf(value, 'at least', limit);
  const reason =
    value === null
      ? 'the peak SNR on the array cannot be computed: no waveform, or no noise on the best electrode'
      : outcome === 'passed'
        ? `peak SNR ${value.toFixed(1)} on the array`
        : `peak SNR ${value.toFixed(1)} on the array, less than ${limit}`;
  return { criterion: 'peak_snr', value, ...noInterval, limit, outcome, reason };
}

const against = (within: boolean, limit: number): string =>
  `${within ? 'limit' : 'over the limit of'} ${limitPercent(limit)}`;

const percent = (share: number): string => `${number(share)} %`;

/** Less than this reads as 0.00 %. */
const NEGLIGIBLE = 0.00005;

/** A measured share in percent: one decimal, two below 1 %. */
function number(share: number): string {
  if (share === 0) return '0';
  if (share < NEGLIGIBLE) return 'less than 0.01';
  return (share * 100).toFixed(share < 0.01 ? 2 : 1);
}

/** A limit in percent, as it was given. */
const limitPercent = (limit: number): string => `${Number((limit * 100).toPrecision(12))} %`;
