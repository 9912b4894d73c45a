import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tail } from '../../../../tasks/lib/detection/tail-below-threshold.ts';
import { shareOf } from '../../../../tasks/lib/statistics/share.ts';
import type { Fit } from '../../../../tasks/lib/verdict/fit.ts';
import { missingSpikes } from '../../../../tasks/lib/verdict/missing-spikes.ts';
import type { Seen } from '../../../../tasks/lib/verdict/seen-below.ts';

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

const judged = (edge: typeof absent | null, overall: Fit, inWindows: Fit) =>
  missingSpikes({ edge, overall, inWindows, below: null }, limits);
const outcomes = (...args: Parameters<typeof judged>) => judged(...args).map(({ outcome }) => outcome);

test('spikes at the threshold and a fit convict together; either alone is a doubt', () => {
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
  expect(judged(clear, narrow, narrow)[0]?.reason).toContain('no more than expected where so few spikes are missing');
  expect(outcomes(clear, narrow, over)[0]).toBe('failed');
});

test('the fit over all does not convict if windows that follow a drift see few missing spikes', () => {
  expect(outcomes(clear, over, under)).toEqual(['doubtful', 'doubtful', 'passed']);
});

test('a fit that expects more spikes at the threshold than there can be is refuted', () => {
  const misled = estimate(0.1, 0.08, 0.12, 0.02);
  expect(outcomes(absent, misled, misled)).toEqual(['passed', 'passed', 'passed']);
  expect(judged(absent, misled, under)[1]?.reason).toContain('expects 2.0 % of them within one MAD of the threshold');
  // With few spikes none at the threshold proves little.
  expect(outcomes(shareOf(0, 100), misled, under)[1]).toBe('doubtful');
});

test('a share that cannot be estimated rejects, unless there is no sign of missing spikes', () => {
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
      'at least 86.3 % of the spikes are missing, limit 5 %; their share cannot be estimated: the peak of the distribution is at or below the threshold',
  });
});

test('an interval around the limit is a doubt, an interval too wide for an answer rejects', () => {
  expect(outcomes(clear, estimate(0.045, 0.004, 0.09), under)[1]).toBe('doubtful');
  expect(outcomes(clear, estimate(0.1, 0.02, 0.4), under)[1]).toBe('failed');
});

test('no interval with NaN passes', () => {
  const NaNs = estimate(Number.NaN, Number.NaN, Number.NaN);
  expect(outcomes(clear, NaNs, NaNs)).not.toContain('passed');
  expect(outcomes(absent, NaNs, NaNs).slice(1)).not.toContain('passed');
});

test('windows of uneven spread give no interval, and neither convict nor acquit', () => {
  const over = estimate(0.2, 0.15, 0.25);
  const uneven: Fit = over.kind === 'estimated' ? { ...over, uneven: true } : over;
  const [edge, , windows] = judged(clear, under, uneven);
  expect(edge?.outcome).not.toBe('failed');
  expect(windows).toMatchObject({ value: null, low: null, high: null, outcome: 'unknown' });
  expect(windows?.reason).toContain('spread is not the same in all windows');
  expect(judged(clear, estimate(0.2, 0.15, 0.25), uneven).map(({ outcome }) => outcome)).toEqual([
    'failed',
    'failed',
    'unknown',
  ]);
});

test('the more spikes at the threshold or missing, the worse', () => {
  const rank = { passed: 0, unasked: 0, unknown: 1, doubtful: 2, failed: 3 };
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

const counted = (missed: number, low: number, high: number, more: Partial<Tail> = {}): Tail => {
  const estimated = { estimate: missed, low, high };
  const nothing = { estimate: 0, low: 0, high: 0 };
  return {
    found: 120,
    mirrored: 3,
    share: { ...estimated, high: missed },
    missed: estimated,
    densityBelow: nothing,
    densityBeyond: nothing,
    continues: true,
    following: { found: 0, expected: 0 },
    follows: false,
    mixed: false,
    within: () => ({ found: 0, mirrored: 0, share: nothing, missed: nothing }),
    ...more,
  };
};
const HEIGHTS_ALONE = { asked: null, sure: false, mixed: false, lost: false, array: null };
const seen = (edge: typeof absent, tail: Tail, { fit = under, ...more }: Partial<Seen> & { fit?: Fit } = {}) => {
  const below = { ...HEIGHTS_ALONE, tail, inWindows: tail.missed.estimate, ...more };
  return missingSpikes({ edge, overall: fit, inWindows: fit, below }, limits);
};
const outcomesSeen = (...args: Parameters<typeof seen>) => seen(...args).map(({ outcome }) => outcome);

test('a count in which others’ peaks may be has no interval, and the same outcomes', () => {
  const many = counted(0.11, 0.09, 0.13);
  const mixed = { mixed: true };
  expect(outcomesSeen(clear, many, mixed)).toEqual(outcomesSeen(clear, many));
  expect(outcomesSeen(absent, many, mixed)).toEqual(outcomesSeen(absent, many));
  for (const { low, high, reason } of seen(clear, many, mixed).slice(1, 3)) {
    expect([low, high]).toEqual([null, null]);
    expect(reason).toContain('no interval');
  }
  const confirms = { low: 0, high: 0.02, confirms: true };
  expect(seen(absent, many, { ...mixed, array: confirms, sure: true })[1]).toMatchObject({ low: 0, high: 0.02 });
});

test('missed spikes that are counted below the threshold convict with the spikes at it; alone they are a doubt', () => {
  const many = counted(0.11, 0.09, 0.13);
  expect(outcomesSeen(clear, many)).toEqual(['failed', 'failed', 'failed', 'failed']);
  expect(outcomesSeen(absent, many)).toEqual(['passed', 'doubtful', 'doubtful', 'doubtful']);
  expect(seen(absent, many)[3]?.reason).toContain("the cell's own distribution goes on below the threshold");
});

test('a count under the limit is believed, whatever a Gaussian says, and spikes at the threshold are no fault then', () => {
  const few = counted(0.01, 0.005, 0.02);
  expect(outcomesSeen(clear, few, { fit: over })).toEqual(['passed', 'passed', 'passed', 'passed']);
  expect(seen(clear, few, { fit: over })[1]?.reason).toContain('a fitted Gaussian says 11.7 %, which so few refute');
});

test('a tail over the limit that may be another cell\u2019s is unknown, and never passes in silence', () => {
  const foreign = counted(0.3, 0.25, 0.4, { continues: false });
  expect(outcomesSeen(absent, foreign)).toEqual(['passed', 'unknown', 'unknown', 'doubtful']);
  expect(seen(absent, foreign)[1]).toMatchObject({ value: null, low: null, high: null });
  expect(seen(absent, foreign)[3]?.reason).toContain("missed spikes or a smaller cell's, which heights cannot tell");
  expect(outcomesSeen(clear, foreign)[0]).toBe('doubtful');
});

test('peaks that follow the spikes are the cell\u2019s, and there is no upper end of how many lie lower', () => {
  const spikelets = counted(0.03, 0.02, 0.04, { follows: true, following: { found: 40, expected: 2.2 } });
  expect(outcomesSeen(absent, spikelets)).toEqual(['passed', 'doubtful', 'doubtful', 'doubtful']);
  expect(seen(absent, spikelets)[1]).toMatchObject({ low: 0.02, high: null });
  expect(seen(absent, spikelets)[3]?.reason).toContain('40 of them follow a spike within 15 ms, 2 would by chance');
});

test('the count has no upper end if the cell may have been lost in its silences', () => {
  const [, missed] = seen(absent, counted(0.01, 0.005, 0.02), { lost: true });
  expect(missed).toMatchObject({ outcome: 'passed', high: null });
  expect(missed?.reason).toContain('more if the cell was lost in its silences');
});

test('a count around the limit is a doubt', () => {
  expect(outcomesSeen(slight, counted(0.04, 0.03, 0.08))).toEqual(['doubtful', 'doubtful', 'doubtful', 'passed']);
});

test('the reason has the number, its interval, the limit, and the limit that would pass', () => {
  const reasons = judged(clear, over, under).map(({ reason }) => reason);
  expect(reasons).toEqual([
    '10.3 % of the spikes lie within one MAD of the threshold (95 % interval 8.6 to 12.3 %), over the limit of 1 %, though the fits find few missing',
    '11.7 % of the spikes are missing (95 % interval 9.7 to 14.1 %) if heights are Gaussian, over the limit of 5 %',
    '2.0 % of the spikes are missing when windows follow the drift (95 % interval 1.0 to 3.0 %) if heights are Gaussian, limit 5 %',
  ]);
  expect(
    seen(clear, counted(0.11, 0.09, 0.13))
      .map(({ reason }) => reason)
      .slice(1),
  ).toEqual([
    '11.0 % of the spikes are missing (95 % interval 9.0 to 13.0 %), by a count of the peaks below the threshold, over the limit of 5 %',
    '11.0 % of the spikes are missing when windows follow the drift (95 % interval 9.0 to 13.0 %), over the limit of 5 %',
    "120 peaks lie below the threshold, 3 as far on the other side of the baseline: 11.0 % of all spikes (95 % interval 9.0 to 11.0 %), over the limit of 5 %; the cell's own distribution goes on below the threshold",
  ]);
  expect(judged(absent, estimate(1e-9, 1e-10, 1e-8), under)[1]?.reason).toBe(
    'less than 0.01 % of the spikes are missing if heights are Gaussian, limit 5 %',
  );
});

test('at the limit that would pass it does', () => {
  for (const value of [0.0503, 0.1172, 0.5001]) {
    const fit = estimate(value, value * 0.9, value * 1.1);
    const [, whole] = judged(clear, fit, under);
    const again = missingSpikes(
      { edge: clear, overall: fit, inWindows: under, below: null },
      { ...limits, missed: whole?.passesAt ?? 0 },
    );
    expect(again[1]?.outcome).toBe('passed');
  }
});
