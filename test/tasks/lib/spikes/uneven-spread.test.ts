/**
 * Tests the fit with a common sd for all windows if the sd follows a power of the mean. By default on a sample; the numbers
 * that docs/verdict.md quotes with
 * `RECORDINGS=150 npx vitest run --reporter=verbose test/tasks/lib/spikes/uneven-spread.test.ts`.
 */
import { expect, test } from 'vitest';
import { missedInWindows } from '../../../../tasks/lib/spikes/missed-in-windows.ts';
import { windowsOf } from '../../../../tasks/lib/spikes/windows.ts';
import { type Draw, drawOf } from '../../../../tasks/lib/synthetic/draw.ts';

const RECORDINGS = Number(process.env.RECORDINGS ?? 15);
const LEVEL = 8;
const LENGTH = 6_000_000;

/** Percentage of lost spikes, and the height in sds of the lowest mean over the threshold that causes it. */
const ABOVE = [
  [0, 4],
  [10, 1.2816],
  [30, 0.5244],
] as const;

/** Fits a recording of 200 to 3,000 spikes whose mean falls to its lowest in the middle. */
function judged(draw: Draw, power: number, above: number) {
  const count = Math.round(200 * 15 ** draw.uniform());
  const cv = draw.between(0.08, 0.2);
  const lowest = LEVEL / (1 - Math.min(above, 0.8 / cv) * cv);
  const times = draw.between(1.5, 3);
  const fired = Array.from({ length: count }, () => Math.floor(draw.uniform() * LENGTH)).sort((a, b) => a - b);
  const heights = fired.map((at) => {
    const mean = lowest * (1 + (times - 1) * Math.abs((2 * at) / LENGTH - 1));
    return mean + cv * lowest * (mean / lowest) ** power * draw.normal();
  });
  const spikes = fired.filter((_, row) => (heights[row] as number) > LEVEL);
  const beyond = Float64Array.from(heights.filter((height) => height > LEVEL).map((height) => height - LEVEL));
  const fit = missedInWindows(beyond, windowsOf(spikes, LENGTH, 200_000, 30), LEVEL);
  const missed = 1 - spikes.length / count;
  return fit && { even: fit.evenSpread, holds: fit.pooled.low <= missed && missed <= fit.pooled.high };
}

test.for([0, 0.5, 1, 1.34])(
  'missedInWindows detects a sd that follows the power %d of the mean',
  async (power, { annotate }) => {
    const made = ABOVE.flatMap(([lost, above]) =>
      Array.from(
        { length: RECORDINGS },
        (_, seed) => judged(drawOf(1000 * seed + Math.round(10 * power) + lost), power, above) ?? [],
      ).flat(),
    );
    const even = made.filter((fit) => fit.even);
    const held = (fits: typeof made) => fits.filter(({ holds }) => holds).length;
    await annotate(
      `power ${power}: ${held(made)} of ${made.length} hold, ${held(even)} of ${even.length} that are given`,
    );
    if (power === 0) {
      expect(even.length / made.length).toBeGreaterThan(0.75);
      expect(held(even) / even.length).toBeGreaterThan(0.9);
    } else expect(even.length / made.length).toBeLessThan(power === 0.5 ? 0.4 : 0.2);
  },
);
