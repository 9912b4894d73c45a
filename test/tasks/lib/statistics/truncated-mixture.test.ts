import erfcx from '@stdlib/math-base-special-erfcx';
import { expect, test } from 'vitest';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { missedFraction } from '../../../../tasks/lib/statistics/truncated-gaussian.ts';
import {
  ashmanD,
  type Component,
  fitMixtures,
  likeliestByBic,
  type Mixture,
  valley,
} from '../../../../tasks/lib/statistics/truncated-mixture.ts';

/** A seeded sample above 0 of Gaussians given as [cumulated share of all, mean, sd]. */
function sampleOf(n: number, seed: number, ...gaussians: [upTo: number, mean: number, sd: number][]): Float64Array {
  const random = randomSource(seed);
  const uniform = () => (random() + 0.5) / 2 ** 32;
  const sample: number[] = [];
  while (sample.length < n) {
    const place = uniform();
    const [, mean, sd] = gaussians.find(([upTo]) => place < upTo) as [number, number, number];
    const y = mean + sd * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    if (y > 0) sample.push(y);
  }
  return Float64Array.from(sample);
}

function fitted(sample: Float64Array): [Mixture, Mixture, Mixture] {
  return fitMixtures(sample) as [Mixture, Mixture, Mixture];
}

/** Log-likelihood directly from the density, spike by spike. */
function logLikelihood(sample: Float64Array, components: readonly Component[]): number {
  let total = 0;
  for (const y of sample) {
    let density = 0;
    for (const { weight, mean, sd } of components) {
      const seen = (erfcx(-mean / sd / Math.SQRT2) / 2) * Math.exp(-((mean / sd) ** 2) / 2);
      density += (weight * Math.exp(-(((y - mean) / sd) ** 2) / 2)) / (sd * Math.sqrt(2 * Math.PI) * seen);
    }
    total += Math.log(density);
  }
  return total;
}

test('fitMixtures with a single component equals fitTruncatedGaussian', () => {
  const sample = sampleOf(800, 1, [1, 3, 2]);
  const missed = missedFraction(sample, 0);
  if (missed.kind !== 'estimated') throw new Error(missed.kind);
  const component = fitted(sample)[0].components[0] as Component;
  expect(component.weight).toBeCloseTo(1, 12);
  expect(component.mean).toBeCloseTo(missed.mean, 1);
  expect(component.sd).toBeCloseTo(missed.sd, 1);
});

test.each<[number, number, Float64Array]>([
  [1, 2, sampleOf(1500, 11, [1, 9, 2])],
  [1, 2, sampleOf(1500, 12, [1, 0, 2])],
  [2, 2, sampleOf(1500, 13, [0.3, 8, 2], [1, 16, 2])],
  [2, 2, sampleOf(1500, 14, [0.4, 1, 2], [1, 9, 2])],
  [2, 0.5, sampleOf(1500, 15, [0.1, 8, 0.5], [1, 12, 0.5])],
  [3, 1, sampleOf(1500, 16, [0.3, 6, 1], [0.7, 11, 1], [1, 16, 1])],
])('likeliestByBic finds the true number of components: %i of sd %f', (count, sd, sample) => {
  const best = likeliestByBic(fitted(sample));
  expect(best?.components).toHaveLength(count);
  for (const component of best?.components ?? []) expect(Math.abs(component.sd / sd - 1)).toBeLessThan(0.25);
});

test('fitMixtures fits a component with its mean below 0 and its weight above 0', () => {
  const [, two] = fitted(sampleOf(8000, 3, [0.5, -1, 2], [1, 9, 1.5]));
  const [low, high] = two.components as [Component, Component];
  // 31 % of the lower component are above 0.
  expect(low.weight).toBeCloseTo(0.3085 / 1.3085, 1);
  expect(Math.abs(low.mean + 1)).toBeLessThan(0.5);
  expect(high.mean).toBeCloseTo(9, 1);
  expect(low.weight + high.weight).toBeCloseTo(1, 12);
});

test('fitMixtures returns the log-likelihood of every spike, a maximum', () => {
  const sample = sampleOf(400, 4, [0.35, 4, 2], [1, 11, 2]);
  for (const mixture of fitted(sample)) {
    const found = logLikelihood(sample, mixture.components);
    expect(Math.abs(found - mixture.logLikelihood)).toBeLessThan(0.1);
    expect(mixture.bic).toBeCloseTo((3 * mixture.components.length - 1) * Math.log(400) - 2 * mixture.logLikelihood, 9);
    mixture.components.forEach((component, at) => {
      for (const step of [-0.05, 0.05]) {
        const { mean, sd } = component;
        for (const moved of [{ mean: mean + step * sd }, { sd: sd * (1 + step) }]) {
          const components = mixture.components.map((other, i) => (i === at ? { ...component, ...moved } : other));
          expect(logLikelihood(sample, components)).toBeLessThan(found + 0.05);
        }
      }
    });
  }
});

test('fitMixtures fits skew and heavy tails by more Gaussians, without a valley', () => {
  const random = randomSource(8);
  const skewed = Float64Array.from({ length: 1000 }, () => {
    let product = 1;
    for (let k = 0; k < 4; k++) product *= (random() + 0.5) / 2 ** 32;
    return 5 - Math.log(product);
  });
  const best = likeliestByBic(fitted(skewed)) as Mixture;
  expect(best.components.length).toBeGreaterThan(1);
  expect(valley(best.components)).toBeNull();
});

test('fitMixtures does not depend on order and unit', () => {
  const sample = sampleOf(200, 5, [0.4, 6, 1], [1, 11, 2]);
  expect(fitMixtures(sample.slice().reverse())).toEqual(fitMixtures(sample));
  const scaled = fitted(sample.map((y) => y * 1024));
  fitted(sample).forEach(({ components }, k) => {
    components.forEach(({ weight, mean, sd }, i) => {
      const other = scaled[k]?.components[i] as Component;
      expect(other.weight).toBeCloseTo(weight, 6);
      expect(other.mean / 1024).toBeCloseTo(mean, 6);
      expect(other.sd / 1024).toBeCloseTo(sd, 6);
    });
  });
});

test('fitMixtures is null for too few spikes, equal spikes, or NaN', () => {
  expect(fitMixtures(new Float64Array(0))).toBeNull();
  expect(fitMixtures(Float64Array.from({ length: 9 }, (_, i) => i + 1))).toBeNull();
  expect(fitMixtures(new Float64Array(100).fill(7))).toBeNull();
  expect(fitMixtures(Float64Array.from({ length: 20 }, (_, i) => (i === 3 ? Number.NaN : i + 1)))).toBeNull();
});

test('fitMixtures stays finite for few distinct amplitudes and far outliers, with no more parts than amplitudes', () => {
  const two = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 5 : 9));
  const outlier = sampleOf(200, 6, [1, 9, 1]);
  outlier[17] = 4000;
  for (const [sample, most] of [
    [two, 2],
    [Float64Array.from({ length: 300 }, (_, i) => 3 + (i % 5)), 3],
    [outlier, 3],
  ] as const) {
    const mixtures = fitMixtures(sample) ?? [];
    expect(mixtures).toHaveLength(most);
    for (const { components, bic } of mixtures) {
      const numbers = [bic, ...components.flatMap(({ weight, mean, sd }) => [weight, mean, sd])];
      expect(numbers.every(Number.isFinite)).toBe(true);
    }
  }
  expect(likeliestByBic(fitMixtures(two) ?? [])?.components.map(({ weight }) => weight)).toEqual([0.5, 0.5]);
  expect(likeliestByBic(fitMixtures(outlier) ?? [])?.components[1]).toMatchObject({ weight: 0.005, mean: 4000 });
});

const pair = (apart: number): Component[] => [
  { weight: 0.5, mean: 100, sd: 3 },
  { weight: 0.5, mean: 100 + 3 * apart, sd: 3 },
];

test.each([2.2, 3, 4, 6])('valley of two equal Gaussians at D = %f is halfway, as deep as their densities', (apart) => {
  const [a, b] = pair(apart) as [Component, Component];
  expect(ashmanD(a, b)).toBeCloseTo(apart, 12);
  const found = valley([a, b]);
  const middle = 2 * Math.exp(-((apart / 2) ** 2) / 2);
  expect(found?.at).toBeCloseTo(100 + 1.5 * apart, 6);
  // Close peaks move towards each other, so they are slightly higher than this.
  const atMeans = middle / (1 + Math.exp(-(apart ** 2) / 2));
  expect(found?.ratio).toBeLessThanOrEqual(atMeans + 1e-9);
  expect(found?.ratio).toBeGreaterThan(atMeans * 0.97);
});

test('valley is null for D below 2, a single component, or both means below 0', () => {
  expect(valley(pair(1.99))).toBeNull();
  expect(valley(pair(0).slice(1))).toBeNull();
  expect(
    valley([
      { weight: 0.5, mean: -9, sd: 2 },
      { weight: 0.5, mean: -1, sd: 2 },
    ]),
  ).toBeNull();
});

test('valley counts the truncated rest of a lower Gaussian as a peak', () => {
  const found = valley([
    { weight: 0.2, mean: -1, sd: 2 },
    { weight: 0.8, mean: 12, sd: 2 },
  ]);
  expect(found?.at).toBeGreaterThan(4);
  expect(found?.ratio).toBeLessThan(0.1);
});
