import { expect, test } from 'vitest';
import { verdictParams } from '../../../../schemas/tasks/verdict.ts';
import { CRITERIA } from '../../../../tasks/lib/verdict/criteria.ts';
import type { Criterion } from '../../../../tasks/lib/verdict/criterion.ts';
import { judge } from '../../../../tasks/lib/verdict/judge.ts';
import { missedClause } from '../../../../tasks/lib/verdict/words.ts';

const criterion = (name: Criterion['criterion'], outcome: Criterion['outcome'], others: Partial<Criterion> = {}) => ({
  criterion: name,
  value: 1,
  low: null,
  high: null,
  limit: 1,
  passesAt: null,
  outcome,
  brief: `brief of ${name}`,
  reason: `${name} at length`,
  ...others,
});

const missed = (outcome: Criterion['outcome'], others: Partial<Criterion> = {}) =>
  criterion('missed_fraction', outcome, { value: 0.361, low: 0.27, high: 0.478, limit: 0.05, ...others });
const edge = criterion('edge_fraction', 'failed', { value: 0.254, limit: 0.01, brief: 'many at the threshold' });

test('a single failure rejects, beside criteria that pass or are in doubt', () => {
  const criteria = [
    criterion('spike_count', 'passed'),
    criterion('presence', 'failed'),
    criterion('clipping', 'doubtful'),
  ];
  expect(judge(criteria)).toEqual({ verdict: 'reject', reason: 'brief of presence' });
});

test('a rejection tells the clearest failure first, then the missing share, then how many more failed', () => {
  const few = criterion('spike_count', 'failed', { value: 80, limit: 100 });
  expect(judge([few, missed('failed'), edge]).reason).toBe(
    'many at the threshold, 36 % are missing (27 to 48 %), and 1 more criterion failed',
  );
  const tail = criterion('tail_below_threshold', 'failed');
  expect(judge([few, missed('failed'), tail, edge]).reason).toMatch(/, and 2 more criteria failed$/);
});

test('a missing share without an upper end says how many are missing at least', () => {
  const reason = (low: number) => judge([edge, missed('failed', { low, high: null })]).reason;
  expect(reason(0.324)).toBe('many at the threshold, and 36 % are missing (at least 32 %)');
  expect(reason(0.358)).toBe('many at the threshold, and 36 % are missing');
});

test('a missing share that is the clearest failure is not repeated', () => {
  const window = criterion('worst_window', 'failed', { value: 0.9, limit: 0.05 });
  expect(judge([missed('failed'), window]).reason).toBe('brief of missed_fraction, and 1 more criterion failed');
});

test('failures without a value come last in the sentence; a count of 0 comes first', () => {
  const unknown = criterion('edge_fraction', 'failed', { value: null });
  const none = criterion('spike_count', 'failed', { value: 0, limit: 100 });
  expect(judge([unknown, none]).reason).toBe('brief of spike_count, and brief of edge_fraction');
});

test('a doubt or an unknown makes the recording borderline; the sentence says how to decide', () => {
  const step = criterion('amplitude_step', 'doubtful', { value: 9, limit: 5 });
  const unknown = criterion('peak_snr', 'unknown', { value: null });
  expect(judge([unknown])).toEqual({ verdict: 'borderline', reason: 'brief of peak_snr' });
  expect(judge([unknown, step]).reason).toBe(
    'brief of amplitude_step, and brief of peak_snr; to decide, compare the waveforms before and after',
  );
  const clipping = criterion('clipping', 'doubtful', { value: 0.1, limit: 1 });
  expect(judge([unknown, step, clipping]).reason).toContain('brief of clipping, and 1 more doubt; to decide, ');
});

test('a borderline sentence has a single count of missing spikes', () => {
  const inWindows = criterion('missed_fraction_in_windows', 'doubtful', { value: 0.01, high: 0.07, limit: 0.05 });
  const count = missed('doubtful', { value: 0.01, high: 0.07 });
  const array = criterion('array_missed', 'doubtful', { value: 0.01, high: 0.06, limit: 0.05 });
  expect(judge([count, inWindows, array]).reason).toBe(
    'brief of missed_fraction, brief of array_missed, and 1 more doubt; to decide, look at the peaks below the threshold',
  );
});

test('a missing share is told by its upper end if the share itself is within the limit', () => {
  expect(missedClause({ value: 0.12, high: 0.2, limit: 0.05 })).toBe('12 % of the spikes are missing (limit 5 %)');
  expect(missedClause({ value: 0, high: 0.0073, limit: 0.005 })).toBe(
    'up to 0.73 % of the spikes may be missing (limit 0.5 %)',
  );
  expect(missedClause({ value: 0.01, high: null, limit: 0.05 })).toBe(
    '1.0 % of the spikes are missing, perhaps more than the limit of 5 %',
  );
});

const accepted = (atThreshold: number, share: number) => [
  criterion('spike_count', 'passed', { value: 3514 }),
  criterion('edge_fraction', 'passed', { value: atThreshold, limit: 0.01 }),
  missed('passed', { value: share }),
];

test('an accepted recording has its spikes, its distance from the threshold and the missing share', () => {
  expect(judge(accepted(0, 0.0006))).toEqual({
    verdict: 'accept',
    reason: '3514 spikes, clear of the threshold, 0.06 % missing',
  });
  expect(judge(accepted(0.001, 0)).reason).toBe('3514 spikes, hardly any at the threshold, none missing');
  expect(judge(accepted(0.02, 0)).reason).toBe('3514 spikes, some of them at the threshold, none missing');
});

test('an accepted recording says whether the array agrees or cannot tell', () => {
  const sentence = (outcome: 'passed' | 'unasked') =>
    judge([...accepted(0, 0), criterion('array_missed', outcome)]).reason;
  expect(sentence('passed')).toMatch(/; the array agrees$/);
  expect(sentence('unasked')).toMatch(/; the array cannot tell$/);
});

test('every criterion has a label in words, and a limit that is a parameter of the step', () => {
  for (const [name, { label, limit }] of Object.entries(CRITERIA)) {
    expect(label).not.toContain('_');
    expect(Object.keys(verdictParams.properties), name).toContain(limit);
  }
});
