import ln from '@stdlib/math-base-special-ln';

/**
 * The longest silence that the firing rate explains, in the unit of `length`: of n intervals at a steady random rate the
 * longest lasts about ln(n) / rate (the expectation of the largest of n exponentials); `times` that, for rates are not
 * steady, and never less than `least`.
 */
export function explainedSilence(spikes: number, length: number, times: number, least: number): number {
  return spikes < 2 ? least : Math.max(least, (times * ln(spikes) * length) / spikes);
}
