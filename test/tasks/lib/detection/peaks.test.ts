import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPeaks, type PeakRule } from '../../../../tasks/lib/detection/peaks.ts';

/** The rule taken literally, for either sign, on the clipped trace. */
function byTheRule(trace: readonly number[], { sign, level, halfWidth }: PeakRule): number[] {
  const cut = Math.fround(level);
  const before = (a: number, b: number) => (sign === '-' ? a < b : a > b);
  const y = trace.map((sample) => (before(cut, sample) ? 0 : sample));
  const at = (i: number) => y[i] ?? Number.NaN;
  return y.flatMap((value, i) => {
    if (i < halfWidth || i > y.length - 1 - halfWidth || !before(value, cut)) return [];
    for (let d = 1; d <= halfWidth; d++) {
      if (!before(value, at(i - d)) || before(at(i + d), value)) return [];
    }
    return [i];
  });
}

const rules = (level: fc.Arbitrary<number>): fc.Arbitrary<PeakRule> =>
  fc.record({ sign: fc.constantFrom('-', '+'), level, halfWidth: fc.integer({ min: 1, max: 4 }) });

test('findPeaks follows the rule for steps, plateaus and ties, with thresholds on either side of 0', () => {
  const steps = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 60 });
  const levels = fc.integer({ min: -8, max: 8 }).map((twice) => twice / 2);
  fc.assert(
    fc.property(steps, rules(levels), (trace, rule) => {
      expect(findPeaks(Float32Array.from(trace), rule)).toEqual(byTheRule(trace, rule));
    }),
    { numRuns: 5000 },
  );
});

test('findPeaks follows the rule for noise', () => {
  const value = fc.float({ noNaN: true, min: -20, max: 20 });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), rules(value), (trace, rule) => {
      expect(findPeaks(Float32Array.from(trace), rule)).toEqual(byTheRule(trace, rule));
    }),
    { numRuns: 1000 },
  );
});

const rule: PeakRule = { sign: '-', level: -1, halfWidth: 2 };

test('findPeaks takes the first of equal minima, and no sample equal to the level', () => {
  expect(findPeaks(Float32Array.of(0, 0, -3, -3, -3, 0, 0), rule)).toEqual([2]);
  expect(findPeaks(Float32Array.of(0, 0, 0, -1, 0, 0, 0), rule)).toEqual([]);
});

test('findPeaks compares the level as float32', () => {
  const sample = Math.fround(-1.1);
  expect(findPeaks(Float32Array.of(0, 0, sample, 0, 0), { ...rule, level: -1.1 })).toEqual([]);
  expect(findPeaks(Float32Array.of(0, 0, sample, 0, 0), { ...rule, level: -1.0999999 })).toEqual([2]);
});

test('findPeaks finds no peak within the half-width of either end', () => {
  expect(findPeaks(Float32Array.of(0, -9, 0, 0, 0, 0, -9, 0), rule)).toEqual([]);
  expect(findPeaks(Float32Array.of(0, 0, -9, 0, 0, 0, -9, 0, 0), rule)).toEqual([2, 6]);
  expect(findPeaks(Float32Array.of(0, -9, 0), rule)).toEqual([]);
  expect(findPeaks(new Float32Array(0), rule)).toEqual([]);
});

test('findPeaks finds positive peaks', () => {
  expect(findPeaks(Float32Array.of(0, 0, 3, 3, 0, 0, -9, 0, 0), { sign: '+', level: 1, halfWidth: 2 })).toEqual([2]);
});
