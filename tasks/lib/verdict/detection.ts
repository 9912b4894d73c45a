/** Criteria on the detection itself: are there spikes enough, and are they spikes? */
import type { Share } from '../statistics/share.ts';
import { type Criterion, measured, notComputed, shareOutcome } from './criterion.ts';
import { interval, limitInBrackets, limitPercent, percent, roughPercent } from './words.ts';

export function spikeCount(value: number, limit: number): Criterion {
  const passed = value >= limit;
  const spikes = value === 1 ? '1 spike' : `${value} spikes`;
  const reason = `${spikes}, ${passed ? `limit ${limit}` : `under the limit of ${limit}`}`;
  const brief =
    value === 0 ? 'there are no spikes' : `there ${value === 1 ? 'is' : 'are'} only ${spikes} (limit ${limit})`;
  return measured('spike_count', value, limit, { passed, over: 'failed', brief, reason });
}

/** How many MADs the detection level lies from the baseline, on the side of the spikes. */
export function thresholdHeight(height: number, mad: number, limit: number): Criterion {
  const criterion = 'threshold_height';
  if (!(mad > 0)) {
    const reason = 'the height of the threshold cannot be measured: the MAD of the trace is 0';
    return notComputed(criterion, limit, reason);
  }
  const value = height / mad;
  const passed = value >= limit;
  const reason =
    `the threshold lies ${value.toFixed(1)} MAD from the baseline, ` +
    (passed ? `limit ${limit}` : `under the limit of ${limit}: noise counts as spikes`);
  const brief = `the threshold lies ${value.toFixed(1)} MAD from the baseline, in the noise (limit ${limit} MAD)`;
  return measured(criterion, value, limit, { passed, over: 'failed', brief, reason });
}

/** The share of intervals too short for one cell: spikes counted twice, artefacts, or a second cell; null without intervals. */
export function shortIntervals(share: Share | null, limit: number): Criterion {
  const criterion = 'short_intervals';
  if (share === null)
    return notComputed(criterion, limit, 'there are no intervals between spikes: fewer than two spikes');
  const outcome = shareOutcome(share, limit);
  const reason =
    `${percent(share.value)} of the intervals are under 1 ms${interval(share.low, share.high)}, ` +
    (outcome === 'passed'
      ? `limit ${limitPercent(limit)}`
      : `over the limit of ${limitPercent(limit)}: spikes counted twice, or spikes of another cell`);
  const brief = `${roughPercent(share.value, limit)} of the intervals are too short for one cell ${limitInBrackets(limit)}`;
  return { criterion, ...share, limit, passesAt: share.value, outcome, brief, reason };
}
