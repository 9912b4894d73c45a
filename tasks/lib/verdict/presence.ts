/** Criteria on silence, which leaves no amplitudes to judge by: is the cell there all the time? */
import type { Gap } from '../signal/gaps.ts';
import { type Criterion, measured, notComputed } from './criterion.ts';
import { decimal, limitPercent, percent, roundedDown, roundedUp } from './words.ts';

/** The longest silence, in seconds; `explained` is what the firing rate explains. A doubt only: a cell may fall silent. */
export function longestSilence(gaps: readonly Gap[], samplingRate: number, explained: number): Criterion {
  const longest = gaps.reduce<Gap>((a, b) => (b.end - b.start > a.end - a.start ? b : a), { start: 0, end: 0 });
  const value = (longest.end - longest.start) / samplingRate;
  const passed = value <= explained;
  const span = `from ${decimal(longest.start / samplingRate)} to ${decimal(longest.end / samplingRate)} s`;
  const reason = passed
    ? `longest silence ${decimal(value)} s, limit ${decimal(explained)} s`
    : `no spikes ${span}, over the limit of ${decimal(explained)} s that the firing rate explains (${roundedUp(value)} s would pass): ` +
      'the cell was silent, or lost';
  return measured('longest_silence', value, explained, { passed, over: 'doubtful', reason });
}

/** The share of the recording outside silences that the firing rate does not explain. */
export function presence(unexplained: readonly Gap[], length: number, limit: number): Criterion {
  const criterion = 'presence';
  if (!(length > 0)) return notComputed(criterion, limit, 'presence cannot be computed: the recording has no samples');
  const silent = unexplained.reduce((sum, { start, end }) => sum + end - start, 0);
  const value = 1 - silent / length;
  const passed = value >= limit;
  const reason =
    `the cell fires in ${percent(value)} of the recording, ` +
    (passed
      ? `limit ${limitPercent(limit)}`
      : `under the limit of ${limitPercent(limit)} (${roundedDown(value * 100)} % would pass)`);
  return measured(criterion, value, limit, { passed, over: 'failed', reason });
}
