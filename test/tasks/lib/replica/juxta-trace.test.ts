import fc from 'fast-check';
import { expect, test } from 'vitest';
import { juxtaTrace } from '../../../../tasks/lib/replica/juxta-trace.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { detected, sortedMedianMad } from './oracle.ts';

const nSamples = 20_000;

/** Spikes at any detectable places, at least 60 samples apart. */
const trains = fc
  .array(
    fc.record({ gap: fc.integer({ min: 60, max: 900 }), beyond: fc.double({ min: 0.001, max: 100, noNaN: true }) }),
    {
      maxLength: 60,
    },
  )
  .map((spikes) => {
    let at = -50;
    return spikes
      .map(({ gap, beyond }) => {
        at += gap;
        return { at, beyond };
      })
      .filter((spike) => spike.at <= nSamples - 11);
  });

test('juxtaTrace has exactly the given spikes at the given threshold', () => {
  const property = fc.property(
    trains,
    fc.double({ min: -0.4, max: 2, noNaN: true }),
    fc.double({ min: 0.01, max: 5, noNaN: true }),
    fc.integer(),
    (train, middle, mad, seed) => {
      const median = middle * mad;
      const threshold = -(median + 8 * mad);
      const spikes = {
        sampleIndex: train.map(({ at }) => at),
        amplitude: train.map(({ beyond }) => Math.fround(threshold - beyond * mad)),
      };
      const facts = { nSpikes: train.length, nSamples, median, mad, threshold };
      const trace = juxtaTrace(facts, spikes, randomSource(seed));
      const found = sortedMedianMad(trace);
      const level = -(found.median + 8 * found.mad);
      expect(Math.abs(level - threshold)).toBeLessThanOrEqual(1e-4 * mad * 1.0001);
      expect(Math.abs(found.median - median)).toBeLessThanOrEqual(1e-3 * mad);
      expect(detected(trace, level)).toEqual(spikes);
    },
  );
  fc.assert(property, { numRuns: 40, seed: 1 });
});
