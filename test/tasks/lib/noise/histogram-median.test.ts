import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countChannels } from '../../../../tasks/lib/noise/channel-histograms.ts';
import { HISTOGRAM_BINS, histogramMedianMad } from '../../../../tasks/lib/noise/histogram-median.ts';
import { gatherCells, lowestPoint, medianOverSpikes } from '../../../../tasks/lib/waveforms/waveform-median.ts';
import { medianMad } from '../../small-mea.ts';

const narrow = fc.array(fc.integer({ min: 32760, max: 32768 }), { minLength: 1, maxLength: 40 });
const wide = fc.array(fc.oneof(fc.constantFrom(0, 65535), fc.nat(65535)), { minLength: 1, maxLength: 12 });
const samples = fc.oneof(narrow, wide);

test('histogramMedianMad equals the median by sorting', () => {
  const counts = new Uint32Array(HISTOGRAM_BINS);
  fc.assert(
    fc.property(samples, fc.boolean(), (values, tight) => {
      counts.fill(0);
      for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
      const [low, high] = tight ? [Math.min(...values), Math.max(...values)] : [0, 65535];
      expect(histogramMedianMad(counts, low, high, values.length)).toEqual(medianMad(values));
    }),
    { numRuns: 300 },
  );
});

test('histogramMedianMad counts more than 2^31 values', () => {
  const counts = new Uint32Array(HISTOGRAM_BINS);
  counts[5] = 0x7fffffff;
  counts[7] = 0x7fffffff;
  expect(histogramMedianMad(counts, 0, 65535, 0xfffffffe)).toEqual({ median: 6, mad: 1.4826 });
});

test('countChannels counts the samples of each electrode', () => {
  const counts = new Uint32Array(2 * HISTOGRAM_BINS);
  const frames = Uint16Array.of(1, 9, 65535, 1, 9, 0);
  countChannels(frames, 3, Int32Array.of(0, 2), counts);
  countChannels(frames.subarray(0, 3), 3, Int32Array.of(0, 2), counts);
  const found = [...counts.entries()].filter(([, count]) => count > 0);
  expect(found).toEqual([
    [1, 3],
    [HISTOGRAM_BINS, 1],
    [HISTOGRAM_BINS + 65535, 2],
  ]);
});

test('medianOverSpikes returns median and MAD of every cell', () => {
  const shape = fc.record({
    spikes: fc.integer({ min: 1, max: 7 }),
    frames: fc.integer({ min: 1, max: 4 }),
    channels: fc.integer({ min: 1, max: 4 }),
    first: fc.nat(2),
    seed: fc.array(fc.nat(65535), { minLength: 112, maxLength: 112 }),
  });
  fc.assert(
    fc.property(shape, ({ spikes, frames, channels, first, seed }) => {
      const values = Uint16Array.from(seed.slice(0, spikes * frames * channels));
      // Every other column, so that file column and electrode differ.
      const columns = Int32Array.from({ length: channels }, (_, channel) => channel).filter((c) => c % 2 === 0);
      const width = first + frames + 1;
      const into = {
        median: new Float64Array(columns.length * width),
        mad: new Float64Array(columns.length * width),
        width,
      };
      const cells = { values: new Uint16Array(frames * columns.length * spikes), spikes };
      for (let done = 0; done < spikes; done += 2) {
        const some = { values: values.subarray(done * frames * channels), spikes: Math.min(2, spikes - done) };
        gatherCells({ ...some, frames, channels }, columns, cells, done);
      }
      medianOverSpikes(cells, into, first);
      for (const [electrode, column] of columns.entries()) {
        for (let frame = 0; frame < frames; frame++) {
          const own = Array.from({ length: spikes }, (_, s) => values[(s * frames + frame) * channels + column] ?? -1);
          const cell = electrode * width + first + frame;
          expect({ median: into.median[cell], mad: into.mad[cell] }).toEqual(medianMad(own));
        }
        expect(into.median[electrode * width + width - 1]).toBe(0);
      }
    }),
  );
});

test('lowestPoint is the first of several equal points', () => {
  expect(lowestPoint(waveformsOf([3, 2, 5, 2]))).toBe(1);
  expect(lowestPoint(waveformsOf([3]))).toBe(0);
  expect(lowestPoint(waveformsOf([]))).toBe(-1);
});

test('lowestPoint ignores dead electrodes unless all are dead', () => {
  expect(lowestPoint(waveformsOf([3, 2, 0, 0], [0, 1, 0, 0]))).toBe(1);
  expect(lowestPoint(waveformsOf([3, 2, 1, 0], [0, 0, 0, 0]))).toBe(3);
});

/** Waveforms of two samples per electrode. */
const waveformsOf = (median: readonly number[], mad = median.map(() => 1)) => ({
  channel: median.map((_, row) => Math.floor(row / 2)),
  median: Float64Array.from(median),
  mad: Float64Array.from(mad),
});
