/** Models the spikes below the threshold, because the published data show only spikes beyond it. */
import { fitTruncatedGaussian, hazard } from '../statistics/truncated-gaussian.ts';
import { HALF_WIDTH, SPACING, THRESHOLD_TOLERANCE } from './detection-rule.ts';
import type { Facts } from './facts.ts';
import { expOfSmall } from './normal-quantiles.ts';
import type { Spikes } from './spikes.ts';

/** Height in MADs above the median below which spikes cannot be told from noise. */
const FLOOR = 5;
/** Largest distance in samples of a missed spike after a weak spike: 1 s at 20 kHz. */
const REACH = 20_000;

/**
 * Returns modelled spikes below the threshold, at most as many as are tabled. Amplitudes fade when cells drift, so missed
 * spikes lie next to the weakest tabled spikes: a missed spike after each tabled spike, the weakest first, if it fits.
 */
export function missedSpikes(tabled: Spikes, facts: Facts, random: () => number): Spikes {
  const amplitudes = missedAmplitudes(tabled, facts);
  const { sampleIndex } = tabled;
  const weakestFirst = sampleIndex
    .map((_, row) => row)
    .sort((a, b) => (tabled.amplitude[b] as number) - (tabled.amplitude[a] as number) || a - b);
  const placed: number[] = [];
  for (const row of weakestFirst) {
    if (placed.length === amplitudes.length) break;
    const first = (sampleIndex[row] as number) + SPACING;
    const next = sampleIndex[row + 1] ?? facts.nSamples - 1 - HALF_WIDTH + SPACING;
    const choices = Math.min(REACH, next - SPACING - first + 1);
    if (choices > 0) placed.push(first + (random() % choices));
  }
  const order = placed.map((_, row) => row).sort((a, b) => (placed[a] as number) - (placed[b] as number));
  return {
    sampleIndex: order.map((row) => placed[row] as number),
    amplitude: order.map((row) => amplitudes[row] as number),
  };
}

/**
 * Returns amplitudes that continue the fitted truncated normal from the threshold down to the noise, nearest the
 * threshold first. At the threshold the fitted density is n hazard / sd spikes per unit; below it changes by
 * exp(alpha y - y^2 / 2), with y in standard deviations. Each time the expected number passes k + 1/2, a spike is added.
 */
function missedAmplitudes({ amplitude }: Spikes, facts: Facts): number[] {
  if (amplitude.length < 2) return [];
  const { alpha, sd } = fitTruncatedGaussian(Float64Array.from(amplitude, (value) => facts.threshold - value));
  const top = facts.threshold + 3 * THRESHOLD_TOLERANCE * facts.mad;
  const step = (facts.median - FLOOR * facts.mad - top) / STEPS;
  const missed: number[] = [];
  let density = (amplitude.length * hazard(alpha)) / sd;
  let expected = 0;
  for (let k = 0; k < STEPS; k++) {
    const middle = (k + 0.5) * step;
    const slope = (alpha - middle / sd) / sd;
    const next = density * expOfSmall(slope * step);
    expected += ((density + next) / 2) * step;
    density = next;
    while (missed.length + 0.5 < expected) {
      if (missed.length === amplitude.length) return missed;
      missed.push(Math.fround(top + middle));
    }
  }
  return missed;
}

const STEPS = 8192;
