import { expect, test } from 'vitest';
import { bracketMedian, MIN_BRACKETED, samplePosition } from '../../../../tasks/lib/noise/bracket-median.ts';
import { medianFloat32 } from '../../../../tasks/lib/noise/median-float32.ts';
import { deviations } from '../../../../tasks/lib/noise/median-mad.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';

const random = randomSource(3);
/** A pseudo-random value in 0 to 1, most likely near the middle. */
const hump = () => ((random() >>> 16) + (random() >>> 16) + (random() >>> 16)) / (3 * 65536);

/** Traces as functions of the sample, and whether the bracket holds their medians. */
const traces: readonly [string, (i: number) => number, boolean | undefined][] = [
  ['noise', () => hump() - 0.3, true],
  ['noise and spikes', (i) => (i % 100 === 0 ? -1e6 : hump()), true],
  ['noise about 0, in steps', () => Math.round(1000 * hump() - 500) / 8, true],
  ['denormals of both signs', () => (hump() - 0.5) * 1e-38, true],
  ['the largest numbers of both signs', () => (hump() - 0.5) * 6e38, true],
  ['infinities at the ends', (i) => [-Infinity, Infinity][i % 3] ?? hump(), undefined],
  ['a few values', () => Math.floor(hump() * 5) - 2, undefined],
  ['zeros of both signs', () => (random() % 2 === 0 ? 0 : -0), false],
  ['one value', () => 1.5, false],
  ['two values far apart', (i) => (i % 2 === 0 ? -3 : 5), undefined],
  ['a ramp', (i) => i / 7, true],
  ['one value but for the last few', (i) => (i > MIN_BRACKETED - 9 ? 9 : -1), undefined],
];

for (const length of [MIN_BRACKETED, MIN_BRACKETED + 32_771]) {
  test.each(traces)(
    `bracketMedian of %s, ${length} samples, equals plain TypeScript or is undefined`,
    (_, at, inside) => {
      const trace = new Float32Array(length).map((_, i) => at(i));
      const median = medianFloat32(trace);
      const bracketed = bracketMedian(trace);
      if (inside !== undefined) expect(bracketed !== undefined).toBe(inside);
      expect(bracketed ?? median).toBe(median);

      const deviation = medianFloat32(deviations(trace, median));
      expect(bracketMedian(trace, median) ?? deviation).toBe(deviation);
    },
  );
}

test('bracketMedian is undefined if the sample differs from the rest', () => {
  const trace = new Float32Array(MIN_BRACKETED).map(() => 100 + hump());
  for (let i = 0; i < MIN_BRACKETED / 8; i++) trace[samplePosition(i, 8)] = hump();
  expect(bracketMedian(trace)).toBe(undefined);
  for (let i = 0; i < MIN_BRACKETED / 8; i++) trace[samplePosition(i, 8)] = 200 + hump();
  expect(bracketMedian(trace)).toBe(undefined);
});
