/** The pipette's silences, and what the array says of them. */
import { type Silences, silencesOf } from '../spikes/silences.ts';
import type { Heard } from './array-criteria.ts';
import { wordOnShortSilences, wordOnSilences } from './array-word.ts';
import type { VerdictLimits } from './limits.ts';
import type { ArraysWord } from './presence.ts';
import type { Detected } from './recorded.ts';

export interface HeardSilences {
  readonly silences: Silences;
  /** The array's word on silences that chance does not explain, and on shorter ones that are too long together. */
  readonly word: ArraysWord;
  readonly wordOnShort: ArraysWord;
  /** True if the pipette may have lost the cell in any of them. */
  readonly maybeLost: boolean;
}

export function hearSilences(
  { spikes, length, samplingRate }: Detected,
  array: Heard | null,
  limits: VerdictLimits,
): HeardSilences {
  const silences = silencesOf(spikes, {
    length,
    samplingRate,
    times: limits.maximum_silence_times,
    least: limits.maximum_silence,
  });
  const asked = array !== null && array.testimony !== null;
  const word = asked ? wordOnSilences(silences.unexplained, array.testimony, { length, call: array.call }) : 'unknown';
  const wordOnShort = asked ? wordOnShortSilences[array.call] : 'unknown';
  const tooLong = (silences.excess?.low ?? 0) > limits.maximum_short_silences;
  return {
    silences,
    word,
    wordOnShort,
    maybeLost: (silences.unexplained.length > 0 && word !== 'silent') || (tooLong && wordOnShort !== 'silent'),
  };
}
