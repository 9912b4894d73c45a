import ln from '@stdlib/math-base-special-ln';
import { type Gap, gapsOf } from './gaps.ts';
import type { Estimate } from './poisson-difference.ts';
import { windowsOf } from './windows.ts';

/** Silences of a recording, in samples. */
export interface Silences {
  /** The longest that chance explains while the cell is there. */
  readonly explained: number;
  /** Those that are longer. */
  readonly unexplained: readonly Gap[];
  /** Of the time outside those, the share by which shorter silences last longer than a steady rate explains. */
  readonly excess: Estimate | null;
}

export interface SilenceRule {
  readonly length: number;
  readonly samplingRate: number;
  /** How many times the longest silence of a steady rate, ln(n) / rate, is explained. */
  readonly times: number;
  /** Seconds that are never in doubt by themselves. */
  readonly least: number;
}

/** Silences up to this many seconds are a burst's own. */
const BURST = 0.02;
/** Windows in which a rate is taken to be steady: seconds, and silences to estimate it from. */
const WINDOW = 10;
const FEWEST = 40;
/** Shares of the silences that are taken to be the cell's own; of two looks the one that says more counts, so each has an interval of 97.5 %. */
const SHORTEST = [0.8, 0.5] as const;
const Z = 2.241403;

/**
 * Which silences chance does not explain. At a steady random rate the longest of n silences exceeds g with a chance of n exp(-g rate):
 * at `times` = 3, g = 3 ln(n) / rate, that is 1 / n^2 over the whole recording. The rate is that of the time outside the silences so found,
 * with a burst as one event, so that a cell that is lost for long does not explain its own absence.
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

/** What the silences of one window say: by how much the long ones are too long, with its variance, in samples. */
interface Part {
  readonly excess: number;
  readonly variance: number;
}

/**
 * Silences of a steady random rate are exponential, whatever bursts there are: the shortest four fifths of a window's give the rate, and the
 * others together should last so much and no more; so do the shorter half, for a cell that is lost so often that the long ones are more than a fifth. A cell that is lost again and again for moments makes them longer; so does a rate that changes within a window.
 */
function excessOf(
  spikes: ArrayLike<number>,
  explained: number,
  unexplained: readonly Gap[],
  { length, samplingRate }: SilenceRule,
): Estimate | null {
  const burst = BURST * samplingRate;
  const windows = windowsOf(spikes, length, WINDOW * samplingRate, FEWEST).flatMap(({ first, last }) => {
    const silences: number[] = [];
    for (let row = first; row + 1 < last; row++) {
      const gap = (spikes[row + 1] as number) - (spikes[row] as number);
      if (gap > burst && gap <= explained) silences.push(gap - burst);
    }
    return silences.length < FEWEST / 2 ? [] : [Float64Array.from(silences).sort()];
  });
  if (windows.length === 0) return null;
  const time = length - unexplained.reduce((sum, { start, end }) => sum + end - start, 0);
  const [most, half] = SHORTEST.map((share) => {
    const parts = windows.map((ascending) => partOf(ascending, share));
    const estimate = parts.reduce((sum, { excess }) => sum + excess, 0) / time;
    const reach = (Z * Math.sqrt(parts.reduce((sum, { variance }) => sum + variance, 0))) / time;
    return { estimate: Math.max(0, estimate), low: Math.max(0, estimate - reach), high: Math.max(0, estimate + reach) };
  }) as [Estimate, Estimate];
  return half.low > most.low ? half : most;
}

function partOf(ascending: Float64Array, share: number): Part {
  const short = Math.floor(share * ascending.length);
  const cut = ascending[short - 1] as number;
  const long = ascending.length - short;
  // Exponentials of which those over the cut are known to be longer only: the mean is all the time over the short ones.
  const mean = (ascending.subarray(0, short).reduce((sum, gap) => sum + gap, 0) + long * cut) / short;
  const excess = ascending.subarray(short).reduce((sum, gap) => sum + gap - cut, 0) - long * mean;
  return { excess, variance: long * mean * mean * (1 + long / short) };
}
