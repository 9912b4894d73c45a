import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countChannels } from '../../../../tasks/lib/noise/channel-histograms.ts';
import { columnHistograms } from '../../../../tasks/lib/noise/column-histograms.ts';
import { HISTOGRAM_BINS } from '../../../../tasks/lib/noise/histogram-median.ts';

const value = fc.oneof(fc.constantFrom(0, 65535, 32767), fc.nat(65535));
const shape = fc.integer({ min: 1, max: 19 }).chain((channels) =>
  fc.record({
    blocks: fc.array(fc.array(fc.array(value, { minLength: channels, maxLength: channels })), { maxLength: 3 }),
    channels: fc.constant(channels),
    range: fc
      .tuple(fc.nat(channels - 1), fc.nat(channels - 1))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const),
  }),
);

/** Values and their counts. */
function counted(counts: Uint32Array): [value: number, count: number][] {
  const found: [number, number][] = [];
  counts.forEach((count, value) => {
    if (count > 0) found.push([value, count]);
  });
  return found;
}

test('columnHistograms counts like plain TypeScript, block by block, some columns or all', () => {
  fc.assert(
    fc.property(shape, ({ blocks, channels, range: [first, end] }) => {
      const columns = Int32Array.from({ length: end - first }, (_, i) => first + i);
      const plain = new Uint32Array(columns.length * HISTOGRAM_BINS);
      countChannels(Uint16Array.from(blocks.flat(2)), channels, columns, plain);

      const histograms = columnHistograms(channels, first, end);
      for (const frames of blocks) {
        // The rest of an earlier block must not count.
        histograms.block.fill(11).set(frames.flat());
        histograms.count(frames.length);
      }
      for (const [i, column] of columns.entries()) {
        const own = plain.subarray(i * HISTOGRAM_BINS, (i + 1) * HISTOGRAM_BINS);
        expect(counted(histograms.of(column))).toEqual(counted(own));
      }
    }),
    { numRuns: 30 },
  );
});

test.each([1, 3, 256, 65536, 3 * 65535])(
  'a block of columnHistograms holds whole frames, at least a frame, with %i channels',
  (channels) => {
    const { block, count, of } = columnHistograms(channels, channels - 1, channels);
    const frameCount = block.length / channels;
    expect(frameCount).toBe(Math.max(1, Math.floor(65536 / channels)));
    block.fill(65535);
    count(frameCount);
    expect(counted(of(channels - 1))).toEqual([[65535, frameCount]]);
  },
);
