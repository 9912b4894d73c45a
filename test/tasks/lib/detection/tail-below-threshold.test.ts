import { describe, expect, test } from 'vitest';
import { findPeaks } from '../../../../tasks/lib/detection/peaks.ts';
import { peaksBelowThreshold } from '../../../../tasks/lib/detection/peaks-below-threshold.ts';
import {
  type Tail,
  type TailSample,
  tailBelowThreshold,
} from '../../../../tasks/lib/detection/tail-below-threshold.ts';
import { medianMad } from '../../../../tasks/lib/noise/median-mad.ts';
import { juxtaTrace } from '../../../../tasks/lib/replica/juxta-trace.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { gaussianQuantile } from '../statistics/gaussian.ts';

interface Cell {
  readonly spikes: number;
  /** Heights in MADs over the baseline. */
  readonly mean: number;
  readonly sd: number;
}

/** Peak heights in MADs at the quantiles of each cell's Gaussian. */
const heightsOf = (cells: readonly Cell[]) =>
  cells.flatMap(({ spikes, mean, sd }) =>
    Array.from({ length: spikes }, (_, i) => mean + sd * gaussianQuantile((i + 0.5) / spikes)),
  );

const MAD = 1.5;
const SPACING = 300;

/** A trace of MAD 1.5 with a spike of each height, 15 ms apart, and equally many positive and negative bumps of noise. */
function traceOf(heights: readonly number[], bumps: readonly number[]): Float32Array {
  const facts = {
    nSpikes: heights.length,
    nSamples: SPACING * (heights.length + 2 * bumps.length + 1),
    median: 0,
    mad: MAD,
    threshold: -8 * MAD,
  };
  const sampleIndex = heights.map((_, i) => SPACING / 2 + SPACING * i);
  const trace = juxtaTrace(facts, { sampleIndex, amplitude: heights.map((height) => -height * MAD) }, randomSource(1));
  for (const [i, bump] of bumps.flatMap((height) => [-height, height]).entries()) {
    trace[SPACING / 2 + SPACING * (heights.length + i)] = bump * MAD;
  }
  return trace;
}

function tailOf(trace: Float32Array, sign: '-' | '+'): Tail {
  const { median: baseline, mad } = medianMad(trace);
  const from = 5 * mad;
  const level = (sign === '+' ? 1 : -1) * (baseline + 8 * mad);
  const spikes = findPeaks(trace, { sign, level, halfWidth: 10 });
  const band = { sign, baseline, from, level, halfWidth: 10, clearance: 40, ringing: 120 };
  const { sampleIndex, mirrored } = peaksBelowThreshold(trace, spikes, band);
  const amplitudes = (indexes: readonly number[]) => Float32Array.from(indexes, (index) => trace[index] as number);
  const tail = tailBelowThreshold({
    below: { at: sampleIndex, amplitude: amplitudes(sampleIndex), mirrored },
    spikes: { at: spikes, amplitude: amplitudes(spikes) },
    baseline,
    mad,
    level: Math.abs(level - baseline),
    from,
    samplingRate: 20_000,
  });
  if (tail === null) throw new Error('no tail');
  return tail;
}

const within = (heights: readonly number[], low: number, high: number) =>
  heights.filter((height) => height > low && height <= high).length;

const noiseBumps = Array.from({ length: 30 }, (_, i) => 5.1 + (i * 2.8) / 30);

/** Measures the tail of the trace, and checks that its mirror image with positive spikes gives the same. */
function measured(cells: readonly Cell[], bumps: readonly number[] = []) {
  const heights = heightsOf(cells);
  const trace = traceOf(heights, bumps);
  const tail = tailOf(trace, '-');
  const upsideDown = trace.map((sample) => -sample);
  const turned = tailOf(upsideDown, '+');
  expect({ ...turned, within: tail.within, missed: tail.missed }).toEqual(tail);
  // The mirrored level is rounded to the other side.
  expect(turned.missed.high).toBeCloseTo(tail.missed.high, 4);
  return { heights, tail };
}

describe('the tail in a trace', () => {
  test.each([[0], [0.05], [0.2], [0.4]])(
    'tailBelowThreshold measures a Gaussian cut at 8 MAD that misses the share %f',
    (missed) => {
      const sd = 1.5;
      const mean = missed === 0 ? 16 : 8 - sd * gaussianQuantile(missed);
      const { heights, tail } = measured([{ spikes: 400, mean, sd }], noiseBumps);
      const seen = within(heights, 5, 8);
      expect(tail.found).toBe(30 + seen);
      // The positive wave after a missed spike is not noise.
      expect(tail.mirrored).toBe(30);
      expect(Math.abs(tail.missed.estimate - missed)).toBeLessThan(0.02);
      expect(tail.missed.low).toBeLessThanOrEqual(missed);
      expect(tail.missed.high).toBeGreaterThan(missed);
      expect(tail.share.estimate).toBeLessThanOrEqual(tail.missed.estimate);
      expect(tail.densityBelow.low).toBeLessThanOrEqual(within(heights, 7, 8));
      expect(tail.densityBelow.high).toBeGreaterThan(within(heights, 7, 8));
      // The trace's MAD is 1.5 to within 1e-4, so a height at the end of a MAD may fall on either side.
      expect(Math.abs(tail.densityBeyond.estimate - within(heights, 8, 9))).toBeLessThanOrEqual(1);
      expect(tail.continues).toBe(missed > 0);
    },
  );

  test.each([0.5, 1])('tailBelowThreshold does not continue into a separate small cell at 6 MAD, sd %f', (sd) => {
    const small = { spikes: 150, mean: 6, sd };
    const { tail } = measured([{ spikes: 200, mean: 15, sd: 2 }, small]);
    expect(tail.share.low).toBeGreaterThan(0.25);
    expect(tail.densityBelow.estimate).toBeGreaterThan(4 * tail.densityBeyond.estimate);
    expect(tail.continues).toBe(false);
  });
});

const sample = (found: readonly number[], mirrored: readonly number[], spikes: readonly number[]): TailSample => ({
  below: {
    at: [...found, ...mirrored].map((_, row) => 10_000 * row + 5000),
    amplitude: Float32Array.from([...found.map((height) => 2 - height), ...mirrored.map((height) => 2 + height)]),
    mirrored: [...found.map(() => false), ...mirrored.map(() => true)],
  },
  spikes: {
    at: spikes.map((_, row) => 10_000 * row),
    amplitude: Float32Array.from(spikes, (height) => 2 - height),
  },
  baseline: 2,
  mad: 1,
  level: 8,
  from: 5,
  samplingRate: 20_000,
});

test('tailBelowThreshold counts densities in the last MAD below the level and the first beyond it', () => {
  const found = [5.5, 6, 7, 7.5, 7.5, 7.5, 7.5, 8];
  const tail = tailBelowThreshold(sample(found, [6, 7.5], [8.5, 9, 9.5]));
  expect(tail).toMatchObject({ found: 8, mirrored: 2, share: { estimate: 6 / 9 } });
  expect(tail).toMatchObject({ densityBelow: { estimate: 4 }, densityBeyond: { estimate: 2 } });
});

test('tailBelowThreshold finds nothing missing if there is as much noise as peaks', () => {
  const tail = tailBelowThreshold(sample([5.5, 6], [5.5, 6, 6.5], [9, 10]));
  expect(tail).toMatchObject({ share: { estimate: 0, low: 0 }, missed: { low: 0 }, continues: false });
});

test('tailBelowThreshold bounds the spikes below an empty band, regardless of the Gaussian fit', () => {
  const many = Array.from({ length: 300 }, (_, i) => 9 + (i % 10));
  const { share, missed } = tailBelowThreshold(sample([], [], many)) as Tail;
  expect(share).toEqual({ estimate: 0, low: 0, high: 0 });
  // At most 3 in 3 MADs, so 5 in the 5 MADs below: 5 of 305.
  expect(missed.high).toBeCloseTo(5 / 305, 3);
});

test('tailBelowThreshold bounds hidden spikes by the density at the band\u2019s lower end', () => {
  const found = [5.2, 5.4, 5.6, 5.8, 6.5, 7.5];
  const spikes = Array.from({ length: 100 }, (_, i) => 8.1 + i / 10);
  const { missed } = tailBelowThreshold(sample(found, [], spikes)) as Tail;
  expect(missed.low).toBeLessThanOrEqual(6 / 106);
  expect(missed.high).toBeGreaterThan((6 + 5 * 2) / (106 + 10));
  expect(missed.estimate).toBeGreaterThanOrEqual(6 / 106);
  expect(missed.estimate).toBeLessThanOrEqual(missed.high);
});

test('tailBelowThreshold attributes peaks that follow spikes more often than by chance to the cell', () => {
  const spikes = Array.from({ length: 200 }, () => 20);
  const found = Array.from({ length: 40 }, () => 6);
  const random = sample(found, [], spikes);
  expect(tailBelowThreshold(random)).toMatchObject({ follows: false, following: { found: 0 } });
  const after = { ...random, below: { ...random.below, at: found.map((_, row) => 10_000 * row + 100) } };
  const tail = tailBelowThreshold(after) as Tail;
  expect(tail).toMatchObject({ follows: true, following: { found: 40 } });
  expect(tail.following.expected).toBeLessThan(2);
});

test('tailBelowThreshold corrects for peaks that were left out, with the interval of the share kept', () => {
  const spikes = Array.from({ length: 300 }, (_, i) => 9 + (i % 10));
  const found = Array.from({ length: 45 }, (_, i) => 5.1 + (i % 29) / 10);
  const plain = tailBelowThreshold(sample(found, [], spikes)) as Tail;
  const kept = { value: 0.9, low: 0.8, high: 1 };
  const { share, missed } = tailBelowThreshold({ ...sample(found, [], spikes), kept }) as Tail;
  expect(plain.share.estimate).toBeCloseTo(45 / 345);
  expect(share.estimate).toBeCloseTo(50 / 350);
  expect(share.low).toBe(plain.share.low);
  expect(share.high).toBeGreaterThan(plain.share.high);
  expect(missed.estimate).toBeGreaterThan(plain.missed.estimate);
});

test('tailBelowThreshold counts a window separately', () => {
  const spikes = Array.from({ length: 100 }, () => 12);
  const tail = tailBelowThreshold(sample([6, 6, 7, 7], [], spikes)) as Tail;
  expect(tail.within({ start: 0, end: 20_000, first: 0, last: 2 }, 3)).toMatchObject({ found: 2, mirrored: 0 });
  expect(tail.within({ start: 500_000, end: 700_000, first: 50, last: 70 }, 3).share.estimate).toBe(0);
});

test('tailBelowThreshold is null without peaks, MAD or band', () => {
  expect(tailBelowThreshold({ ...sample([6], [], [9]), mad: 0 })).toBeNull();
  expect(tailBelowThreshold({ ...sample([6], [], [9]), mad: Number.NaN })).toBeNull();
  expect(tailBelowThreshold(sample([], [6], []))).toBeNull();
  expect(tailBelowThreshold({ ...sample([6], [], [9]), from: 8 })).toBeNull();
});
