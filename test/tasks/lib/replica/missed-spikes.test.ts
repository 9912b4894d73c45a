import { expect, test } from 'vitest';
import { missedSpikes } from '../../../../tasks/lib/replica/missed-spikes.ts';
import { normalQuantiles } from '../../../../tasks/lib/replica/normal-quantiles.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';

const facts = { nSpikes: 1000, nSamples: 1_000_000, median: 0, mad: 1, threshold: -8 };

/** Amplitudes of a Gaussian of the given mean and sd, cut off at the threshold. */
function cut(mean: number, sd: number, spacing = 900) {
  const amplitude = [...normalQuantiles(1000)].map((z) => mean + sd * z).filter((value) => value < -8);
  const shuffled = amplitude.map((_, i) => amplitude[(i * 389) % amplitude.length] as number);
  return { sampleIndex: shuffled.map((_, i) => 50 + spacing * i), amplitude: shuffled };
}

const missed = (spikes: ReturnType<typeof cut>) => missedSpikes(spikes, facts, randomSource(1));

test('missedSpikes restores the missing tail', () => {
  const tabled = cut(-10, 1.5);
  const lost = 1000 - tabled.amplitude.length;
  const { amplitude } = missed(tabled);
  expect(lost).toBeGreaterThan(85);
  expect(Math.abs(amplitude.length - lost)).toBeLessThan(6);
  expect(Math.max(...amplitude)).toBeLessThan(-5);
  expect(Math.min(...amplitude)).toBeGreaterThan(-8);
  const tail = [...normalQuantiles(1000)].map((z) => -10 + 1.5 * z).filter((value) => value >= -8 && value < -5);
  const above = (values: readonly number[], limit: number) => values.filter((value) => value > limit).length;
  for (const limit of [-7.5, -7, -6.5]) expect(Math.abs(above(amplitude, limit) - above(tail, limit))).toBeLessThan(6);
});

test('missedSpikes adds nothing if the distribution ends above the threshold', () => {
  expect(missed(cut(-30, 3))).toEqual({ sampleIndex: [], amplitude: [] });
  expect(missed({ sampleIndex: [], amplitude: [] })).toEqual({ sampleIndex: [], amplitude: [] });
  expect(missed({ sampleIndex: [500], amplitude: [-20] })).toEqual({ sampleIndex: [], amplitude: [] });
});

test('missedSpikes adds at most as many spikes as are tabled, nearest the threshold first', () => {
  const tabled = cut(-3, 3);
  const { amplitude } = missed(tabled);
  expect(amplitude.length).toBe(tabled.amplitude.length);
  expect(Math.max(...amplitude)).toBeLessThan(-6);
});

test.each([60, 119, 120, 121, 200])(
  'missedSpikes keeps 60 samples from every other spike, with tabled spikes %d apart',
  (spacing) => {
    const tabled = cut(-9, 2, spacing);
    const { sampleIndex } = missed(tabled);
    expect(sampleIndex.length > 1).toBe(spacing >= 120);
    const all = [...tabled.sampleIndex, ...sampleIndex].sort((a, b) => a - b);
    for (let i = 1; i < all.length; i++) expect((all[i] as number) - (all[i - 1] as number)).toBeGreaterThanOrEqual(60);
    expect(all.at(-1)).toBeLessThan(facts.nSamples - 10);
    expect(sampleIndex).toEqual(sampleIndex.toSorted((a, b) => a - b));
  },
);

test('missedSpikes lie in time next to the weakest tabled spikes', () => {
  const tabled = cut(-10.5, 1.2);
  const { sampleIndex } = missed(tabled);
  const neighbours = sampleIndex.map((index) => tabled.amplitude[Math.floor((index - 50) / 900)] as number);
  const weakest = tabled.amplitude.toSorted((a, b) => b - a).slice(0, sampleIndex.length);
  expect(neighbours.toSorted((a, b) => b - a)).toEqual(weakest);
});
