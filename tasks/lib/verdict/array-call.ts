/** Draws a conclusion from the array's count of missed spikes. */
import exp from '@stdlib/math-base-special-exp';
import type { ArrayMissed, Counts } from '../witness/capture-recapture.ts';

/**
 * `complete`: the pipette missed hardly any spike. `missing`: it missed some, beyond doubt. `in doubt`: events outside speak
 * for missed spikes, but may be other cells'. `cannot tell`: the array gives no answer.
 */
export type ArrayCall = 'complete' | 'missing' | 'in doubt' | 'cannot tell';

export interface CallLimits {
  /** Largest share of missed spikes. */
  readonly missed: number;
  /** Matched-filter SNR under which the array is not asked. */
  readonly leastSnr: number;
}

/** From this matched-filter SNR on hardly any other cell scores like this cell, so that events outside raise a doubt. */
const CLEAR_SNR = 15;

/** Chance under which a small number of events in the refractory zone no longer counts as luck. */
const CHANCE = 0.05;

export function arrayCall(counts: Counts, missed: ArrayMissed, snr: number, limits: CallLimits): ArrayCall {
  if (snr < limits.leastSnr) return 'cannot tell';
  const { low, high, lowWithoutControl, highWithoutControl, bursts } = missed;
  // Without the control the interval may reach twice as far: other cells' events are in it.
  const few = high < limits.missed && highWithoutControl < 2 * limits.missed;
  if (few && !bursts) return 'complete';
  if (lowWithoutControl <= limits.missed) return 'cannot tell';
  if (low > limits.missed || othersAreRare(counts)) return 'missing';
  return snr >= CLEAR_SNR ? 'in doubt' : 'cannot tell';
}

/** Tells whether fewer events lie in the refractory zone than if all the others were other cells' too. */
function othersAreRare({ unmatched, refractory, outside, inside }: Counts): boolean {
  if (outside <= 0) return false;
  return poissonAtMost(refractory, (unmatched * inside) / outside) < CHANCE;
}

/** Chance of `count` or fewer events if `mean` are expected. */
function poissonAtMost(count: number, mean: number): number {
  let term = exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k++) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}
