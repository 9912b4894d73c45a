import ln from '@stdlib/math-base-special-ln';
import type { Estimate } from '../statistics/poisson-difference.ts';
import { type Gap, gapsOf } from './gaps.ts';
import { windowsOf } from './windows.ts';

/** Silences of a recording, in samples. */
export interface Silences {
  /** Longest silence that chance explains while the cell is recorded. */
  readonly explained: number;
  /** Longer silences. */
  readonly unexplained: readonly Gap[];
  /** Excess duration of shorter silences over a steady rate, as a share of the time outside the unexplained silences. */
  readonly excess: Estimate | null;
}

export interface SilenceRule {
  readonly length: number;
  readonly samplingRate: number;
  /** Multiple of the longest silence expected at a steady rate, ln(n) / rate, that counts as explained. */
  readonly times: number;
  /** Seconds up to which a silence always counts as explained. */
  readonly least: number;
}

/** Intervals up to this many seconds are within a burst. */
const BURST = 0.02;
/** Windows in which the rate is assumed to be steady: seconds, and the smallest number of spikes. */
const WINDOW = 10;
const MIN_SPIKES = 40;
/** Shares of the silences, the shortest, that estimate the rate; the stronger of two results counts, so each interval is 97.5 %. */
const SHORT_SHARES = [0.8, 0.5] as const;
const Z = 2.241403;

/**
 * Finds the silences that chance does not explain. At a steady random rate the longest of n silences exceeds g with a
 * probability of n exp(-g rate): for `times` = 3, g = 3 ln(n) / rate, that is 1 / n^2 over the whole recording. The rate is
 * that of the time outside the silences found, and a burst counts as a single event, so that a cell that is lost for long
 * does not explain its own absence.
 */
export function silencesOf(spikes: ArrayLike<number>, rule: SilenceRule): Silences {
  const { length, samplingRate, times, least } = rule;
  const gaps = gapsOf(spikes, length);
  const events = gaps.filter(({ start, end }) => end - start > BURST * samplingRate).length;
  let explained = Number.POSITIVE_INFINITY;
  for (;;) {
    const lost = gaps
      .filter(({ start, end }) => end - start > explained)
      .reduce((sum, gap) => sum + gap.end - gap.start, 0);
    const chance = events < 2 ? 0 : (times * ln(events) * (length - lost)) / events;
    const next = Math.max(least * samplingRate, chance);
    if (!(next < explained)) break;
    explained = next;
  }
  const unexplained = gaps.filter(({ start, end }) => end - start > explained);
  return { explained, unexplained, excess: excessOf(spikes, explained, unexplained, rule) };
}

/** A window's excess of long silences, with its variance, in samples. */
interface WindowExcess {
  readonly excess: number;
  readonly variance: number;
}

/**
 * Estimates the excess duration of long silences. At a steady random rate, silences between bursts are exponential: the
 * shortest 80 % of a window's silences give the rate, and hence the expected duration of the others. The shortest half is
 * used as well, for a cell that is lost so often that more than 20 % of the silences are long. A cell that is lost again
 * and again for moments makes long silences longer; so does a rate that changes within a window.
 */
function excessOf(
  spikes: ArrayLike<number>,
  explained: number,
  unexplained: readonly Gap[],
  { length, samplingRate }: SilenceRule,
): Estimate | null {
  const burst = BURST * samplingRate;
  const windows = windowsOf(spikes, length, WINDOW * samplingRate, MIN_SPIKES).flatMap(({ first, last }) => {
    const silences: number[] = [];
    for (let row = first; row + 1 < last; row++) {
      const gap = (spikes[row + 1] as number) - (spikes[row] as number);
      if (gap > burst && gap <= explained) silences.push(gap - burst);
    }
    return silences.length < MIN_SPIKES / 2 ? [] : [Float64Array.from(silences).sort()];
  });
  if (windows.length === 0) return null;
  const time = length - unexplained.reduce((sum, { start, end }) => sum + end - start, 0);
  const [most, half] = SHORT_SHARES.map((share) => {
    const parts = windows.map((ascending) => windowExcess(ascending, share));
    const estimate = parts.reduce((sum, { excess }) => sum + excess, 0) / time;
    const reach = (Z * Math.sqrt(parts.reduce((sum, { variance }) => sum + variance, 0))) / time;
    return { estimate: Math.max(0, estimate), low: Math.max(0, estimate - reach), high: Math.max(0, estimate + reach) };
  }) as [Estimate, Estimate];
  return half.low > most.low ? half : most;
}

function windowExcess(ascending: Float64Array, share: number): WindowExcess {
  const short = Math.floor(share * ascending.length);
  const cut = ascending[short - 1] as number;
  const long = ascending.length - short;
  // Censored exponentials: of silences over the cut only that is known, so the mean is the total time up to the cut / short.
  const mean = (ascending.subarray(0, short).reduce((sum, gap) => sum + gap, 0) + long * cut) / short;
  const excess = ascending.subarray(short).reduce((sum, gap) => sum + gap - cut, 0) - long * mean;
  return { excess, variance: long * mean * mean * (1 + long / short) };
}
