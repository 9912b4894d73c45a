/** Spikes that the threshold hid: modelled, for what was published shows only those beyond it. */
import { fitTruncatedGaussian, hazard } from '../signal/truncated-gaussian.ts';
import { HALF_WIDTH, SPACING, THRESHOLD_TOLERANCE } from './detection-rule.ts';
import type { Facts } from './facts.ts';
import { expOfSmall } from './normal-quantiles.ts';
import type { Spikes } from './spikes.ts';

/** Below this many MADs from the median a spike cannot be told from noise. */
const FLOOR = 5;
/** How far after a weak spike a missed one may lie: 1 s at 20 kHz. */
const REACH = 20_000;

/**
 * Modelled spikes below the threshold, at most as many as are tabled. Amplitudes fade where cells drift, so the
 * missed lie in time next to the weakest tabled ones: one after each, weakest first, where there is room.
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
    const room = Math.min(REACH, next - SPACING - first + 1);
    if (room > 0) placed.push(first + (random() % room));
  }
  const order = placed.map((_, row) => row).sort((a, b) => (placed[a] as number) - (placed[b] as number));
  return {
    sampleIndex: order.map((row) => placed[row] as number),
    amplitude: order.map((row) => amplitudes[row] as number),
  };
}

/**
 * Amplitudes that continue the fitted truncated normal from the threshold down to the noise, nearest the
 * threshold first. At the threshold the fitted density is n hazard / sd spikes a unit; further down it changes
 * by exp(alpha y - y^2 / 2), y in standard deviations. One spike is put wherever another half-integer of
 * expected spikes is passed.
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
