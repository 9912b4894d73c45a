import { expect, test } from 'vitest';
import {
  edgeCriterion,
  missedCriterion,
  snrCriterion,
  spikeCount,
  thresholdHeight,
} from '../../../../tasks/lib/verdict/criteria.ts';
import { intervalOutcome, outcomeOf } from '../../../../tasks/lib/verdict/criterion.ts';
import { judge } from '../../../../tasks/lib/verdict/judge.ts';

test('null and NaN never pass', () => {
  for (const value of [null, Number.NaN]) {
    expect(outcomeOf(value, 'at least', 0)).toBe('failed');
    expect(outcomeOf(value, 'at most', 1)).toBe('failed');
  }
  expect(outcomeOf(1, 'at least', Number.NaN)).toBe('failed');
  expect(intervalOutcome(Number.NaN, 0, 1)).toBe('failed');
  expect(intervalOutcome(0, Number.NaN, 1)).toBe('failed');
  expect(intervalOutcome(0, 0, Number.NaN)).toBe('failed');
});

test('limits are inclusive', () => {
  expect(outcomeOf(100, 'at least', 100)).toBe('passed');
  expect(outcomeOf(0.01, 'at most', 0.01)).toBe('passed');
  expect(outcomeOf(99, 'at least', 100)).toBe('failed');
  expect(outcomeOf(0.011, 'at most', 0.01)).toBe('failed');
});

test('an interval passes below its limit, straddles around it and fails above it', () => {
  expect(intervalOutcome(0.01, 0.05, 0.05)).toBe('passed');
  expect(intervalOutcome(0.05, 0.06, 0.05)).toBe('straddles');
  expect(intervalOutcome(0.051, 0.06, 0.05)).toBe('failed');
});

const estimated = (estimate: number, low: number, high: number) =>
  missedCriterion({ kind: 'estimated', estimate, low, high, mean: 20, sd: 2 }, 0.05);

test('missed spikes in words', () => {
  expect(estimated(0.1172, 0.0971, 0.1413)).toMatchObject({
    criterion: 'missed_fraction',
    outcome: 'failed',
    reason: '11.7 % of the spikes are missing (95 % interval 9.7 to 14.1 %), over the limit of 5 %',
  });
  expect(estimated(0.0212, 0.0188, 0.0239)).toMatchObject({
    outcome: 'passed',
    reason: '2.1 % of the spikes are missing (95 % interval 1.9 to 2.4 %), limit 5 %',
  });
  expect(estimated(0.045, 0.004, 0.09)).toMatchObject({
    outcome: 'straddles',
    reason: '4.5 % of the spikes are missing (95 % interval 0.40 to 9.0 %), around the limit of 5 %',
  });
  expect(estimated(1e-9, 1e-10, 1e-8).reason).toBe('less than 0.01 % of the spikes are missing, limit 5 %');
});

test('missed spikes that cannot be estimated', () => {
  expect(missedCriterion({ kind: 'mode-at-threshold', atLeast: 0.8625 }, 0.05)).toEqual({
    criterion: 'missed_fraction',
    value: null,
    low: 0.8625,
    high: null,
    limit: 0.05,
    outcome: 'failed',
    reason:
      'at least 86.3 % of the spikes are missing, how many cannot be estimated: the peak of their distribution is at or below the threshold',
  });
  expect(missedCriterion({ kind: 'too-few-spikes' }, 0.05)).toMatchObject({ value: null, outcome: 'failed' });
});

test('limits are said as they were given', () => {
  expect(edgeCriterion(0.5, 0.07).reason).toContain('over the limit of 7 %');
  expect(edgeCriterion(0, 0.0015).reason).toBe('0 % of the spikes lie within one MAD of the threshold, limit 0.15 %');
});

test('the other criteria in words', () => {
  expect(spikeCount(80, 100).reason).toBe('80 spikes, fewer than 100');
  expect(spikeCount(380, 100).reason).toBe('380 spikes');
  expect(edgeCriterion(0.1033, 0.01).reason).toBe(
    '10.3 % of the spikes lie within one MAD of the threshold, over the limit of 1 %',
  );
  expect(edgeCriterion(null, 0.01).outcome).toBe('failed');
  expect(thresholdHeight(12.4, 1.55, 5)).toMatchObject({ value: 8, outcome: 'passed' });
  expect(thresholdHeight(-50, 1.25, 5)).toMatchObject({ value: -40, outcome: 'failed' });
  expect(thresholdHeight(0, 0, 5)).toMatchObject({ value: null, outcome: 'failed' });
  expect(snrCriterion(9.68, 0).reason).toBe('peak SNR 9.7 on the array');
  expect(snrCriterion(null, 0).outcome).toBe('failed');
});

test('one failure rejects, else one straddling makes it borderline, and the reason holds those alone', () => {
  const good = spikeCount(380, 100);
  const straddling = estimated(0.045, 0.03, 0.06);
  const bad = edgeCriterion(0.5, 0.01);
  expect(judge([good, straddling, bad])).toEqual({ verdict: 'reject', reason: bad.reason });
  expect(judge([good, straddling])).toEqual({ verdict: 'borderline', reason: straddling.reason });
  expect(judge([good])).toEqual({ verdict: 'accept', reason: good.reason });
});
