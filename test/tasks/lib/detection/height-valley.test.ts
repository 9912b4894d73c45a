import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Band, isMixed } from '../../../../tasks/lib/detection/height-valley.ts';
import { gaussianQuantile } from '../statistics/gaussian.ts';

const BAND: Band = { from: 5, top: 8 };

interface Cell {
  readonly spikes: number;
  readonly mean: number;
  readonly sd: number;
}

/** Heights at the quantiles of each cell's Gaussian, divided by the threshold, with noise on both sides. */
function heights(cells: readonly Cell[], noise: readonly number[] = []) {
  const all = cells.flatMap(({ spikes, mean, sd }) =>
    Array.from({ length: spikes }, (_, i) => mean + sd * gaussianQuantile((i + 0.5) / spikes)),
  );
  const found = [...all.filter((height) => height >= 5 && height < 8), ...noise];
  return { spikes: all.filter((height) => height >= 8), found, mirrored: noise };
}

test('isMixed is false for a single cell at any threshold', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 3000 }),
      fc.double({ min: 4, max: 40, noNaN: true }),
      fc.double({ min: 1, max: 10, noNaN: true }),
      (spikes, mean, sd) => {
        expect(isMixed(heights([{ spikes, mean, sd }], [5.1, 5.2, 5.5, 6]), BAND)).toBe(false);
      },
    ),
  );
});

test.each<[string, Cell]>([
  ['wholly below', { spikes: 300, mean: 5.5, sd: 0.7 }],
  ['across the threshold', { spikes: 300, mean: 7.5, sd: 1 }],
])('a smaller cell %s is a second size', (_, other) => {
  expect(isMixed(heights([{ spikes: 500, mean: 20, sd: 3 }, other]), BAND)).toBe(true);
});

test('isMixed detects a smaller cell by a density that falls towards the threshold', () => {
  const cut = { spikes: 400, mean: 12, sd: 4 };
  expect(isMixed(heights([cut]), BAND)).toBe(false);
  expect(isMixed(heights([cut, { spikes: 150, mean: 5, sd: 0.8 }]), BAND)).toBe(true);
});

test('isMixed is false without spikes and peaks', () => {
  expect(isMixed({ spikes: [], found: [], mirrored: [] }, BAND)).toBe(false);
  expect(isMixed({ spikes: [9], found: [5, 6], mirrored: [7] }, BAND)).toBe(false);
});
