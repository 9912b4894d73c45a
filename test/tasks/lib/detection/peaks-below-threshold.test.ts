import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPeaks } from '../../../../tasks/lib/detection/peaks.ts';
import { peaksBelowThreshold, type TailBand } from '../../../../tasks/lib/detection/peaks-below-threshold.ts';

/** Checks every sample against the definition, without clipping and without an order of steps. */
function bySample(trace: Float32Array, spikes: readonly number[], band: TailBand) {
  const { sign, baseline, from, level, halfWidth, clearance, ringing } = band;
  const side = sign === '+' ? 1 : -1;
  const height = (index: number) => Math.abs((trace[index] as number) - baseline);
  const rows: { index: number; mirrored: boolean; inBand: boolean }[] = [];
  if (side * level > 0 && side * (level - baseline) > from) {
    for (let index = halfWidth; index < trace.length - halfWidth; index++) {
      if (spikes.some((spike) => Math.abs(spike - index) <= clearance)) continue;
      const before = spikes.filter((spike) => spike < index && index - spike <= ringing);
      const rung = before.reduceRight((sum, spike) => sum + height(spike), 0);
      if (rung > 0 && height(index) <= 0.1 * rung + 0.3 * from) continue;
      for (const mirrored of [false, true]) {
        const up = mirrored ? -side : side;
        const y = (i: number) => up * (trace[i] as number);
        const high = Math.fround(up * (mirrored ? 2 * baseline - level : level));
        if (!(y(index) > Math.fround(up * baseline + from))) continue;
        const around = Array.from({ length: halfWidth }, (_, d) => d + 1);
        if (around.every((d) => y(index) > y(index - d) && y(index) >= y(index + d))) {
          rows.push({ index, mirrored, inBand: y(index) <= high });
        }
      }
    }
  }
  const kept: typeof rows = [];
  for (const row of [...rows].sort((a, b) => height(b.index) - height(a.index) || a.index - b.index)) {
    if (kept.every(({ index }) => Math.abs(index - row.index) > clearance)) kept.push(row);
  }
  const found = kept.filter(({ inBand }) => inBand).sort((a, b) => a.index - b.index);
  return { sampleIndex: found.map(({ index }) => index), mirrored: found.map(({ mirrored }) => mirrored) };
}

const quarters = (min: number, max: number) => fc.integer({ min: 4 * min, max: 4 * max }).map((four) => four / 4);

const bands: fc.Arbitrary<TailBand> = fc.record({
  sign: fc.constantFrom('-' as const, '+' as const),
  baseline: quarters(-6, 6),
  from: quarters(0, 3),
  level: quarters(-8, 8),
  halfWidth: fc.integer({ min: 1, max: 3 }),
  clearance: fc.integer({ min: 0, max: 5 }),
  ringing: fc.integer({ min: 0, max: 8 }),
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
])('peaksBelowThreshold of %s follows its definition, for baselines on either side of 0', (_, values) => {
  fc.assert(
    fc.property(values, bands, (trace, band) => {
      const spikes = spikesOf(trace, band);
      expect(peaksBelowThreshold(trace, spikes, band)).toEqual(bySample(trace, spikes, band));
    }),
    { numRuns: 2000 },
  );
});

test('peaksBelowThreshold finds the same peaks in an inverted trace with the other sign', () => {
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

test('peaksBelowThreshold exchanges the two kinds of peaks in a trace mirrored about the baseline', () => {
  fc.assert(
    fc.property(steps, bands, (trace, band) => {
      // Beyond the level the mirror image would have spikes of its own, so the trace is limited to a quarter inside.
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

const band: TailBand = { sign: '-', baseline: 1, from: 5, level: -8, halfWidth: 1, clearance: 2, ringing: 0 };

test('peaksBelowThreshold respects both ends of the band on both sides', () => {
  const trace = Float32Array.of(1, -4, 1, -4.5, 1, -8, 1, -8.5, 1, 1, 6, 1, 6.5, 1, 10, 1, 10.5, 1);
  expect(peaksBelowThreshold(trace, [], { ...band, clearance: 0 })).toEqual({
    sampleIndex: [3, 5, 12, 14],
    mirrored: [false, false, true, true],
  });
});

test('peaksBelowThreshold omits peaks near a spike on either side of it and of the baseline', () => {
  const trace = Float32Array.of(1, -6, 1, -6, 1, -20, 1, 8, 1, 8, 1);
  expect(peaksBelowThreshold(trace, [5], band)).toEqual({ sampleIndex: [1, 9], mirrored: [false, true] });
});

test('peaksBelowThreshold is empty for a level below the band or on the wrong side of 0', () => {
  const trace = Float32Array.of(1, -4.5, 1, 6.5, 1);
  const none = { sampleIndex: [], mirrored: [] };
  expect(peaksBelowThreshold(trace, [], { ...band, level: -4 })).toEqual(none);
  expect(peaksBelowThreshold(trace, [], { ...band, baseline: 20, level: 0 })).toEqual(none);
});

test('peaksBelowThreshold counts neither the wave after a peak as noise nor peaks around an artefact', () => {
  const wave = Float32Array.of(1, 1, -6.5, 1, 6.2, 1, 1, 1);
  expect(peaksBelowThreshold(wave, [], band)).toEqual({ sampleIndex: [2], mirrored: [false] });
  const artefact = Float32Array.of(1, 1, -6.5, 1, 30, 1, -6, 1, 1);
  expect(peaksBelowThreshold(artefact, [], band)).toEqual({ sampleIndex: [], mirrored: [] });
});

test('peaksBelowThreshold omits ringing after high spikes, for a limited time', () => {
  // Spikes of 101 ring up to 10.1 + 1.5, as the band begins at 5.
  const trace = Float32Array.of(1, -100, 1, 1, 1, -5, 1, 1, 1, -5, 1);
  const ringing = { ...band, ringing: 5 };
  expect(peaksBelowThreshold(trace, [1], ringing)).toEqual({ sampleIndex: [9], mirrored: [false] });
  const low = Float32Array.of(1, -20, 1, 1, 1, -5, 1, 1, 1, -5, 1);
  expect(peaksBelowThreshold(low, [1], ringing).sampleIndex).toEqual([5, 9]);
});
