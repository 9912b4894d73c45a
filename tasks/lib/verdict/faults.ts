/** Criteria on other faults of a truth: heights that are cut, spikes that are no one cell's or counted twice, and noise that changes. */
import type { Doubles } from '../spikes/double-detections.ts';
import type { Estimate } from '../statistics/poisson-difference.ts';
import { type Criterion, measured, notComputed, shareOutcome } from './criterion.ts';
import { decimal, interval, limitPercent, percent, percentPassing, roundedUp } from './words.ts';

/** Spikes cut at the greatest height that can be recorded. A doubt: they are spikes, but their heights say less. */
export function clipping(share: number, limit: number): Criterion {
  const passed = share <= limit;
  const reason =
    `${percent(share)} of the spikes have exactly the greatest height, ` +
    (passed
      ? `limit ${limitPercent(limit)}`
      : `over the limit of ${limitPercent(limit)} (${percentPassing(share)} would pass): the amplifier or converter saturates`);
  return measured('clipping', share, limit, { passed, over: 'doubtful', reason });
}

/** Spikes that are not the cell's, by how many follow another too soon. With few spikes it excludes little, and says so. */
export function refractoryContamination(share: Estimate | null, limit: number): Criterion {
  const criterion = 'refractory_contamination';
  if (share === null) {
    return notComputed(
      criterion,
      limit,
      'foreign spikes cannot be told by short intervals: fewer than two spikes',
      'unknown',
    );
  }
  const { estimate: value, low, high } = share;
  const passed = low <= limit;
  const said = `by their short intervals ${percent(value)} of the spikes are not this cell's${interval(low, high)}, `;
  const weak = high > limit ? '; so few spikes exclude no more' : '';
  const reason =
    said +
    (passed
      ? `limit ${limitPercent(limit)}${weak}`
      : `over the limit of ${limitPercent(limit)} (${percentPassing(low)} would pass): another cell, or artefacts`);
  return { criterion, value, low, high, limit, passesAt: low, outcome: passed ? 'passed' : 'doubtful', reason };
}

/** Spikes that follow another by one and the same latency over 1 ms: a second trough of each is counted. */
export function doubleDetection(doubles: Doubles | null, samplingRate: number, limit: number): Criterion {
  const criterion = 'double_detections';
  if (doubles === null) {
    return notComputed(criterion, limit, 'spikes counted twice cannot be looked for: fewer than two spikes', 'unknown');
  }
  const { share, latency } = doubles;
  const outcome = shareOutcome(share, limit);
  const after = `${((1000 * latency) / samplingRate).toFixed(1)} ms`;
  const reason =
    outcome === 'passed'
      ? `${percent(share.value)} of the spikes follow another by one latency, limit ${limitPercent(limit)}`
      : `${percent(share.value)} of the spikes follow another by ${after}${interval(share.low, share.high)}, over the limit of ` +
        `${limitPercent(limit)} (${percentPassing(share.value)} would pass): a second trough of each spike is counted`;
  return { criterion, ...share, limit, passesAt: share.value, outcome, reason };
}

/** How many times the noise of the quietest window that of the loudest is. A doubt: the threshold is made for one noise. */
export function noiseChange(mads: readonly number[], limit: number): Criterion {
  const criterion = 'noise_change';
  const [least, most] = [Math.min(...mads), Math.max(...mads)];
  if (!(least > 0)) {
    return notComputed(criterion, limit, 'whether the noise changes cannot be told: it is 0 in a window', 'unknown');
  }
  const value = most / least;
  const passed = value <= limit;
  const reason =
    `the noise changes ${decimal(value)}-fold over the recording, ` +
    (passed
      ? `limit ${limit}`
      : `over the limit of ${limit} (${roundedUp(value)} would pass): where it is loud noise may count as spikes, where it is quiet spikes are lost that need not be`);
  return measured(criterion, value, limit, { passed, over: 'doubtful', reason });
}
