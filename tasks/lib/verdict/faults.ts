/** Criteria on other faults of a truth: cut heights, spikes of other cells, spikes counted twice, and noise that changes. */
import type { Doubles } from '../spikes/double-detections.ts';
import type { Estimate } from '../statistics/poisson-difference.ts';
import { type Criterion, measured, notComputed, shareOutcome } from './criterion.ts';
import { interval, limitInBrackets, limitPercent, percent, roughPercent } from './words.ts';

/** Spikes cut at the greatest height that can be recorded. A doubt: they are spikes, but their heights say less. */
export function clipping(share: number, limit: number): Criterion {
  const passed = share <= limit;
  const reason =
    `${percent(share)} of the spikes are cut at one and the same height, ` +
    (passed
      ? `limit ${limitPercent(limit)}`
      : `over the limit of ${limitPercent(limit)}: the amplifier or the converter saturates`);
  const brief = `${roughPercent(share, limit)} of the spikes are cut at one height ${limitInBrackets(limit)}`;
  return measured('clipping', share, limit, { passed, over: 'doubtful', brief, reason });
}

/** Estimates the spikes that are not the cell's by the number that follow another too soon. With few spikes it excludes little, and says so. */
export function refractoryContamination(share: Estimate | null, limit: number): Criterion {
  const criterion = 'refractory_contamination';
  if (share === null) {
    return notComputed(
      criterion,
      limit,
      'spikes of other cells cannot be told by short intervals: fewer than two spikes',
      'unknown',
    );
  }
  const { estimate: value, low, high } = share;
  const passed = low <= limit;
  const said = `short intervals say that ${percent(value)} of the spikes are not this cell's${interval(low, high)}, `;
  const weak = high > limit ? '; so few spikes cannot exclude more' : '';
  const reason =
    said +
    (passed
      ? `limit ${limitPercent(limit)}${weak}`
      : `over the limit of ${limitPercent(limit)}: another cell's, or artefacts`);
  const brief = `${roughPercent(value, limit)} of the spikes come too soon after another for one cell ${limitInBrackets(limit)}`;
  return { criterion, value, low, high, limit, passesAt: low, outcome: passed ? 'passed' : 'doubtful', brief, reason };
}

/** Spikes that follow another by the very same latency over 1 ms: a second trough of each is counted. */
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
      ? `${percent(share.value)} of the spikes follow another by one and the same time, limit ${limitPercent(limit)}`
      : `${percent(share.value)} of the spikes follow another by ${after}${interval(share.low, share.high)}, over the limit of ` +
        `${limitPercent(limit)}: a second trough of each spike is counted`;
  const brief = `${roughPercent(share.value, limit)} of the spikes seem to be counted twice ${limitInBrackets(limit)}`;
  return { criterion, ...share, limit, passesAt: share.value, outcome, brief, reason };
}

/** Noise of the loudest window over that of the quietest. A doubt: the threshold suits a single level of noise. */
export function noiseChange(mads: readonly number[], limit: number): Criterion {
  const criterion = 'noise_change';
  const [least, most] = [Math.min(...mads), Math.max(...mads)];
  if (!(least > 0)) {
    return notComputed(criterion, limit, 'whether the noise changes cannot be told: it is 0 in a window', 'unknown');
  }
  const value = most / least;
  const passed = value <= limit;
  const reason =
    `the noise of the loudest window is ${value.toFixed(1)} times that of the quietest, ` +
    (passed
      ? `limit ${limit}`
      : `over the limit of ${limit}: where it is loud, noise may count as spikes; where it is quiet, a lower threshold would find more`);
  const brief = `the noise changes by a factor of ${value.toFixed(1)} (limit ${limit})`;
  return measured(criterion, value, limit, { passed, over: 'doubtful', brief, reason });
}
