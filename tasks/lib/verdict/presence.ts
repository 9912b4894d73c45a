/** Criteria on silence, which leaves no amplitudes to judge by: is the cell there all the time? */
import type { Gap } from '../spikes/gaps.ts';
import type { Silences } from '../spikes/silences.ts';
import { type Criterion, measured, notComputed, type Outcome } from './criterion.ts';
import { decimal, interval, limitInBrackets, limitPercent, percent, roughPercent } from './words.ts';

/**
 * What the array says of the silences: that the cell was silent, that it went on firing and the pipette had lost it, or nothing. Heights
 * alone cannot tell the first two apart.
 */
export type ArraysWord = 'silent' | 'lost' | 'unknown';

/** The longest silence in seconds, and how many there are that chance does not explain. A doubt without the array: a cell may fall silent. */
export function longestSilence(
  gaps: readonly Gap[],
  { explained, unexplained }: Pick<Silences, 'explained' | 'unexplained'>,
  samplingRate: number,
  word: ArraysWord,
): Criterion {
  const longest = gaps.reduce<Gap>((a, b) => (b.end - b.start > a.end - a.start ? b : a), { start: 0, end: 0 });
  const value = (longest.end - longest.start) / samplingRate;
  const limit = explained / samplingRate;
  if (unexplained.length === 0) {
    const brief = `the longest silence lasts ${decimal(value)} s`;
    const reason = `${brief}, limit ${decimal(limit)} s`;
    return measured('longest_silence', value, limit, { passed: true, over: 'doubtful', brief, reason });
  }
  const together = unexplained.reduce((sum, { start, end }) => sum + end - start, 0) / samplingRate;
  const span = `from ${decimal(longest.start / samplingRate)} to ${decimal(longest.end / samplingRate)} s`;
  const all =
    unexplained.length === 1
      ? ''
      : `, the longest of ${unexplained.length} such silences of ${decimal(together)} s together`;
  const reason = `there are no spikes ${span}${all}, over the limit of ${decimal(limit)} s that the firing rate explains: ${inWords[word]}`;
  const brief = `${word === 'lost' ? 'the pipette lost the cell' : 'there are no spikes'} ${span}`;
  return measured('longest_silence', value, limit, {
    passed: word === 'silent',
    over: word === 'lost' ? 'failed' : 'doubtful',
    brief,
    reason,
  });
}

const inWords: { readonly [word in ArraysWord]: string } = {
  silent: 'the array does not see the cell fire there either, so it was silent',
  lost: 'the array sees the cell fire there, so the pipette had lost it',
  unknown: 'the cell was silent, or lost',
};

/** The share of the recording outside silences that the firing rate does not explain. */
export function presence(unexplained: readonly Gap[], length: number, limit: number, word: ArraysWord): Criterion {
  const criterion = 'presence';
  if (!(length > 0)) return notComputed(criterion, limit, 'presence cannot be measured: the recording has no samples');
  const silent = unexplained.reduce((sum, { start, end }) => sum + end - start, 0);
  const value = 1 - silent / length;
  const passed = value >= limit;
  const reason = `the cell fires in ${percent(value)} of the recording, ${passed ? 'limit' : 'under the limit of'} ${limitPercent(limit)}`;
  const brief = `the cell fires in only ${roughPercent(value, limit)} of the recording ${limitInBrackets(limit)}`;
  if (!passed && word === 'silent') {
    const silent = `${reason}: ${inWords.silent}`;
    return measured(criterion, value, limit, { passed: true, over: 'failed', brief, reason: silent });
  }
  return measured(criterion, value, limit, { passed, over: 'failed', brief, reason });
}

/** By how much the shorter silences together last longer than the rate around them explains. A doubt without the array. */
export function shortSilences(excess: Silences['excess'], limit: number, word: ArraysWord): Criterion {
  const criterion = 'short_silences';
  if (excess === null) {
    const reason = 'too few spikes to tell whether silences are longer than the rate around them explains';
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const { estimate: value, low, high } = excess;
  const over = !(low <= limit);
  const measuredShare = `${percent(value)} of the time is in silences longer than the rate around them explains${interval(low, high)}`;
  const reason = over
    ? `${measuredShare}, over the limit of ${limitPercent(limit)}: ${wordOnShort[word]}`
    : `${measuredShare}, limit ${limitPercent(limit)}`;
  const outcome = over ? OUTCOME[word] : 'passed';
  const brief = `${roughPercent(value, limit)} of the time is in short silences that the firing rate does not explain ${limitInBrackets(limit)}`;
  return { criterion, value, low, high, limit, passesAt: low, outcome, brief, reason };
}

/** Measures the silences that chance does not explain. */
const OUTCOME: { readonly [word in ArraysWord]: Outcome } = { silent: 'passed', lost: 'failed', unknown: 'doubtful' };

const wordOnShort: { readonly [word in ArraysWord]: string } = {
  ...inWords,
  unknown: 'the cell fires by fits and starts, or is lost again and again for moments',
};
