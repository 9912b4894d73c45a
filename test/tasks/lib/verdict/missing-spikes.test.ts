import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf } from '../../../../tasks/lib/signal/share.ts';
import type { Tail } from '../../../../tasks/lib/signal/tail-below-threshold.ts';
import { type Fit, missingSpikes } from '../../../../tasks/lib/verdict/missing-spikes.ts';

const limits = { edge: 0.01, missed: 0.05, interval: 0.2 };
const absent = shareOf(0, 1000);
const slight = shareOf(2, 100);
const clear = shareOf(103, 1000);
const estimate = (value: number, low: number, high: number, expectedAtEdge = 0): Fit => ({
  kind: 'estimated',
  estimate: value,
  low,
  high,
  expectedAtEdge,
});
const under = estimate(0.02, 0.01, 0.03);
const over = estimate(0.1172, 0.0971, 0.1413);
const nothing: Fit = { kind: 'mode-at-threshold', atLeast: 0.8625 };

const judged = (edge: typeof absent | null, overall: Fit, inWindows: Fit, tail: Tail | null = null) =>
  missingSpikes({ edge, overall, inWindows, tail }, limits);
const outcomes = (...args: Parameters<typeof judged>) => judged(...args).map(({ outcome }) => outcome);

test('spikes at the threshold and a fit convict together; one alone is a doubt', () => {
  expect(outcomes(absent, under, under)).toEqual(['passed', 'passed', 'passed']);
  expect(outcomes(clear, over, over)).toEqual(['failed', 'failed', 'failed']);
  expect(outcomes(clear, under, over)).toEqual(['failed', 'passed', 'failed']);
  expect(outcomes(clear, under, under)).toEqual(['doubtful', 'passed', 'passed']);
  expect(outcomes(slight, over, over)).toEqual(['doubtful', 'doubtful', 'doubtful']);
  expect(outcomes(absent, over, over)).toEqual(['passed', 'doubtful', 'doubtful']);
});

test('spikes at the threshold that few missing ones explain are no fault', () => {
  const narrow = estimate(0.02, 0.01, 0.03, 0.1);
  expect(outcomes(clear, narrow, narrow)).toEqual(['passed', 'passed', 'passed']);
  expect(judged(clear, narrow, narrow)[0]?.reason).toContain('no more than a distribution that loses so few has there');
  expect(outcomes(clear, narrow, over)[0]).toBe('failed');
});

test('where windows that follow a drift see few missing, the fit over all does not convict', () => {
  expect(outcomes(clear, over, under)).toEqual(['doubtful', 'doubtful', 'passed']);
});

test('a fit that expects more spikes at the threshold than there can be is refuted', () => {
  const misled = estimate(0.1, 0.08, 0.12, 0.02);
  expect(outcomes(absent, misled, misled)).toEqual(['passed', 'passed', 'passed']);
  expect(judged(absent, misled, under)[1]?.reason).toContain('expects 2.0 % of them within one MAD of the threshold');
  // With few spikes none at the threshold proves little.
  expect(outcomes(shareOf(0, 100), misled, under)[1]).toBe('doubtful');
});

test('what cannot be estimated rejects, unless there is no sign of missing spikes', () => {
  expect(outcomes(clear, nothing, nothing)).toEqual(['failed', 'failed', 'failed']);
  expect(outcomes(absent, nothing, nothing)).toEqual(['passed', 'doubtful', 'doubtful']);
  expect(outcomes(null, { kind: 'too-few-spikes' }, { kind: 'too-few-spikes' })).toEqual([
    'failed',
    'failed',
    'failed',
  ]);
  expect(judged(clear, nothing, nothing)[1]).toMatchObject({
    value: null,
    low: 0.8625,
    reason:
      'at least 86.3 % of the spikes are missing, limit 5 %; how many cannot be estimated: the peak of the distribution is at or below the threshold',
  });
});

test('an interval around the limit is a doubt, one too wide to say anything rejects', () => {
  expect(outcomes(clear, estimate(0.045, 0.004, 0.09), under)[1]).toBe('doubtful');
  expect(outcomes(clear, estimate(0.1, 0.02, 0.4), under)[1]).toBe('failed');
});

test('no interval with NaN passes', () => {
  const NaNs = estimate(Number.NaN, Number.NaN, Number.NaN);
  expect(outcomes(clear, NaNs, NaNs)).not.toContain('passed');
  expect(outcomes(absent, NaNs, NaNs).slice(1)).not.toContain('passed');
});

test('the more spikes at the threshold or missing, the worse', () => {
  const rank = { passed: 0, unknown: 1, doubtful: 2, failed: 3 };
  const worst = (edge: number, missed: number) => {
    const fit = estimate(missed, missed * 0.8, missed * 1.2);
    return Math.max(...judged(shareOf(edge, 1000), fit, fit).map(({ outcome }) => rank[outcome]));
  };
  fc.assert(
    fc.property(fc.nat(900), fc.nat(99), fc.double({ min: 0, max: 0.7, noNaN: true }), (edge, more, missed) => {
      expect(worst(edge + more, missed)).toBeGreaterThanOrEqual(worst(edge, missed));
      expect(worst(edge, missed + more / 1000)).toBeGreaterThanOrEqual(worst(edge, missed));
    }),
  );
});

const estimated = (value: number, low: number, high: number) => ({ estimate: value, low, high });
const tail = (continues: boolean): Tail => ({
  found: 120,
  mirrored: 3,
  excess: estimated(117, 95, 140),
  share: estimated(0.11, 0.09, 0.13),
  densityBelow: estimated(60, 45, 78),
  densityBeyond: estimated(50, 37, 66),
  continues,
});

test('a tail seen below the threshold convicts with the spikes at it; that of a smaller cell does not', () => {
  expect(outcomes(clear, under, under, tail(true))).toEqual(['failed', 'passed', 'passed', 'failed']);
  expect(outcomes(absent, under, under, tail(true))[3]).toBe('doubtful');
  expect(outcomes(clear, under, under, tail(false))).toEqual(['doubtful', 'passed', 'passed', 'passed']);
  expect(judged(absent, under, under, tail(false))[3]?.reason).toContain("smaller spikes than this cell's");
});

test('in words: the number, its interval, the limit, and what would change it', () => {
  const reasons = judged(clear, over, under, tail(true)).map(({ reason }) => reason);
  expect(reasons).toEqual([
    '10.3 % of the spikes lie within one MAD of the threshold (95 % interval 8.6 to 12.3 %), over the limit of 1 % (10.3 % would pass)',
    '11.7 % of the spikes are missing (95 % interval 9.7 to 14.1 %), over the limit of 5 % (14.2 % would pass)',
    '2.0 % are missing when windows follow the drift (95 % interval 1.0 to 3.0 %), limit 5 %',
    '120 peaks lie below the threshold, 3 as far on the other side of the baseline: 11.0 % of the spikes are seen to be missing (95 % interval 9.0 to 13.0 %), over the limit of 5 % (9 % would pass)',
  ]);
  expect(judged(absent, estimate(1e-9, 1e-10, 1e-8), under)[1]?.reason).toBe(
    'less than 0.01 % of the spikes are missing, limit 5 %',
  );
});

test('at the limit that would pass it does', () => {
  for (const value of [0.0503, 0.1172, 0.5001]) {
    const fit = estimate(value, value * 0.9, value * 1.1);
    const [, whole] = judged(clear, fit, under);
    const again = missingSpikes(
      { edge: clear, overall: fit, inWindows: under, tail: null },
      { ...limits, missed: whole?.passesAt ?? 0 },
    );
    expect(again[1]?.outcome).toBe('passed');
  }
});
