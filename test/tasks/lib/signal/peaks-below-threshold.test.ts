import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPeaks } from '../../../../tasks/lib/signal/peaks.ts';
import { peaksBelowThreshold, type TailBand } from '../../../../tasks/lib/signal/peaks-below-threshold.ts';

/** Every sample held against the definition; no clipping, no order of steps. */
function bySample(trace: Float32Array, spikes: readonly number[], band: TailBand) {
  const { sign, baseline, from, level, halfWidth, clearance } = band;
  const side = sign === '+' ? 1 : -1;
  const rows: { index: number; mirrored: boolean }[] = [];
  if (side * level > 0 && side * (level - baseline) > from) {
    for (let index = halfWidth; index < trace.length - halfWidth; index++) {
      if (spikes.some((spike) => Math.abs(spike - index) <= clearance)) continue;
      for (const mirrored of [false, true]) {
        const up = mirrored ? -side : side;
        const y = (i: number) => up * (trace[i] as number);
        const high = Math.fround(up * (mirrored ? 2 * baseline - level : level));
        if (!(y(index) > Math.fround(up * baseline + from)) || y(index) > high) continue;
        const around = Array.from({ length: halfWidth }, (_, d) => d + 1);
        if (around.every((d) => y(index) > y(index - d) && y(index) >= y(index + d))) rows.push({ index, mirrored });
      }
    }
  }
  return { sampleIndex: rows.map(({ index }) => index), mirrored: rows.map(({ mirrored }) => mirrored) };
}

const quarters = (min: number, max: number) => fc.integer({ min: 4 * min, max: 4 * max }).map((four) => four / 4);

const bands: fc.Arbitrary<TailBand> = fc.record({
  sign: fc.constantFrom('-' as const, '+' as const),
  baseline: quarters(-6, 6),
  from: quarters(0, 3),
  level: quarters(-8, 8),
  halfWidth: fc.integer({ min: 1, max: 3 }),
  clearance: fc.integer({ min: 0, max: 5 }),
});

const traces = (values: fc.Arbitrary<number>) =>
  fc.array(values, { maxLength: 150 }).map((trace) => Float32Array.from(trace));
const steps = traces(quarters(-12, 12));
const noise = traces(fc.float({ min: -12, max: 12, noNaN: true }));

const spikesOf = (trace: Float32Array, { sign, level, halfWidth }: TailBand) =>
  findPeaks(trace, { sign, level, halfWidth });

test.each([
  ['steps and ties', steps],
  ['noise', noise],
])('%s: sample by sample the same, baselines on either side of 0', (_, values) => {
  fc.assert(
    fc.property(values, bands, (trace, band) => {
      const spikes = spikesOf(trace, band);
      expect(peaksBelowThreshold(trace, spikes, band)).toEqual(bySample(trace, spikes, band));
    }),
    { numRuns: 2000 },
  );
});

test('upside down, the same peaks for the other sign', () => {
  fc.assert(
    fc.property(noise, bands, (trace, band) => {
      const spikes = spikesOf(trace, band);
      const opposite = band.sign === '+' ? ('-' as const) : ('+' as const);
      const turned = { ...band, sign: opposite, baseline: -band.baseline, level: -band.level };
      const upsideDown = trace.map((sample) => -sample);
      expect(peaksBelowThreshold(upsideDown, spikes, turned)).toEqual(peaksBelowThreshold(trace, spikes, band));
    }),
    { numRuns: 1000 },
  );
});

test('mirrored about the baseline, the two kinds change places', () => {
  fc.assert(
    fc.property(steps, bands, (trace, band) => {
      // Beyond the level the mirror image has spikes of its own: the trace is held at it, a quarter inside.
      const height = Math.abs(band.level - band.baseline) - 0.25;
      const inside = trace.map((x) => Math.max(band.baseline - height, Math.min(band.baseline + height, x)));
      const mirror = inside.map((sample) => 2 * band.baseline - sample);
      const a = peaksBelowThreshold(inside, [], band);
      const b = peaksBelowThreshold(mirror, [], band);
      expect(b).toEqual({ sampleIndex: a.sampleIndex, mirrored: a.mirrored.map((value) => !value) });
    }),
    { numRuns: 1000 },
  );
});

const band: TailBand = { sign: '-', baseline: 1, from: 5, level: -8, halfWidth: 1, clearance: 2 };

test('both ends of the band, on both sides', () => {
  const trace = Float32Array.of(1, -4, 1, -4.5, 1, -8, 1, -8.5, 1, 1, 6, 1, 6.5, 1, 10, 1, 10.5, 1);
  expect(peaksBelowThreshold(trace, [], band)).toEqual({
    sampleIndex: [3, 5, 12, 14],
    mirrored: [false, false, true, true],
  });
});

test('near a spike, either side of it and of the baseline, no peak counts', () => {
  const trace = Float32Array.of(1, -6, 1, -6, 1, -20, 1, 8, 1, 8, 1);
  expect(peaksBelowThreshold(trace, [5], band)).toEqual({ sampleIndex: [1, 9], mirrored: [false, true] });
});

test('a level no higher than the band starts, or on the wrong side of 0, leaves nothing', () => {
  const trace = Float32Array.of(1, -4.5, 1, 6.5, 1);
  const none = { sampleIndex: [], mirrored: [] };
  expect(peaksBelowThreshold(trace, [], { ...band, level: -4 })).toEqual(none);
  expect(peaksBelowThreshold(trace, [], { ...band, baseline: 20, level: 0 })).toEqual(none);
});
