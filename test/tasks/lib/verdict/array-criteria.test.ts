import { expect, test } from 'vitest';
import { hearArray } from '../../../../tasks/lib/verdict/array-criteria.ts';
import type { ArrayTestimony } from '../../../../tasks/lib/verdict/array-evidence.ts';
import type { Criterion } from '../../../../tasks/lib/verdict/criterion.ts';
import { defaultLimits } from '../../../../tasks/lib/verdict/limits.ts';
import { combined } from '../../../../tasks/lib/verdict/two-witnesses.ts';

const SECOND = 20_000;
const LENGTH = 100 * SECOND;
/** Ten spikes a second. */
const spikes = Float64Array.from({ length: 1000 }, (_, row) => 1000 + 2000 * row);
const recorded = {
  spikes,
  beyond: new Float64Array(1000).fill(10),
  level: 8,
  mad: 1,
  length: LENGTH,
  samplingRate: SECOND,
};
const counts = {
  matched: 900,
  unmatched: 0,
  refractory: 0,
  following: 0,
  preceding: 0,
  outside: 1_900_000,
  inside: 56_000,
};
const seen: ArrayTestimony = {
  silent: null,
  snr: 16,
  spikes: 1000,
  unseen: 0,
  passing: 900,
  groups: { separation: 2.6, valley: 1, share: 0.5 },
  counts,
  whose: new Map(),
  matched: Array.from(spikes),
  candidates: [],
};
const heard = (evidence: Parameters<typeof hearArray>[0]) => hearArray(evidence, recorded, defaultLimits);
const outcomes = (evidence: Parameters<typeof hearArray>[0]) => heard(evidence).criteria.map(({ outcome }) => outcome);

test('an array that never shows the cell without the pipette confirms the recording', () => {
  const { call, bounds, criteria } = heard(seen);
  expect(call).toBe('complete');
  expect(bounds?.confirms).toBe(true);
  expect(bounds?.high).toBeLessThan(0.05);
  expect(criteria.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
});

test.each([
  ['no waveform', 'no electrode has both noise and a waveform'],
  ['one electrode', 'one electrode alone'],
  ['equal electrodes', 'all record the same'],
  ['too few spikes', 'fewer than 30 spikes'],
  ['not recording', 'it was off, or saturated'],
  ['no quiet stretch', 'no stretch without spikes'],
  ['spikes not seen', 'another recording’s'],
])('an array of which %s is known is not asked, and says why', (silent, why) => {
  const { criteria, testimony, call } = heard({ silent });
  expect(criteria.map(({ outcome }) => outcome)).toEqual(['unasked', 'unasked', 'unasked']);
  for (const { reason, value, passesAt } of criteria) {
    expect(reason).toContain(why);
    expect([value, passesAt]).toEqual([null, null]);
  }
  expect([testimony, call]).toEqual([null, 'cannot tell']);
});

test('between an SNR of 6 and 10 the array tells spikes and peaks that the pipette gives, and nothing else', () => {
  const { criteria, owners, testimony, bounds } = heard({ ...seen, snr: 8, unseen: 100 });
  expect(criteria.map(({ outcome }) => outcome)).toEqual(['unasked', 'failed', 'passed']);
  expect(criteria[0]?.reason).toContain('8, under 10');
  expect(owners).toEqual({ whose: seen.whose, sure: false, kept: null });
  expect([testimony, bounds]).toEqual([null, null]);
});

test('the share of the cell’s spikes that the array leaves to the cell is known if nearly all pass', () => {
  expect(heard(seen).owners?.kept?.value).toBeCloseTo(0.9);
  expect(heard({ ...seen, unseen: 50 }).owners?.kept?.value).toBeCloseTo(0.947);
  expect(heard({ ...seen, passing: 700 }).owners?.kept).toBeNull();
});

test.each([5.9, Number.NaN])('an SNR of %d is too little to ask', (snr) => {
  const { criteria, testimony } = heard({ ...seen, snr, unseen: 900 });
  expect(criteria.map(({ outcome }) => outcome)).toEqual(['unasked', 'unasked', 'unasked']);
  expect(criteria[0]?.reason).toContain('matched-filter SNR');
  expect(testimony).toBeNull();
});

test('events that may be other cells’ are a doubt only if the array could have confirmed the recording', () => {
  const crowded = { ...counts, unmatched: 90, refractory: 3 };
  expect(outcomes({ ...seen, snr: 11, counts: crowded })[0]).toBe('unasked');
  expect(outcomes({ ...seen, snr: 13, counts: crowded })[0]).toBe('doubtful');
  const [missed] = heard({ ...seen, snr: 13, counts: crowded }).criteria;
  expect(missed?.reason).toContain('3 lie where this cell cannot fire');
});

test('array_missed rejects a tenth of events without the pipette and 0 in the refractory zone', () => {
  const many = { ...seen, counts: { ...counts, unmatched: 100, inside: 100_000 } };
  const [missed] = heard(many).criteria;
  expect(missed).toMatchObject({ outcome: 'failed', criterion: 'array_missed' });
  expect(missed?.low).toBeGreaterThan(0);
  expect(missed?.high).toBeGreaterThan(0.1);
});

test('later spikes of bursts that only the array shows have no upper end, and no recording is complete with them', () => {
  const bursts = { ...seen, counts: { ...counts, following: 40, preceding: 10 } };
  const { call, criteria } = heard(bursts);
  expect(call).not.toBe('complete');
  expect(criteria[0]).toMatchObject({ high: null });
  expect(criteria[0]?.reason).toContain(
    "smaller events follow the pipette's spikes 40 times and precede them 10 times",
  );
});

test('array_missed names a stretch in which the pipette misses more, and does not confirm its recording', () => {
  const candidates = Array.from({ length: 30 }, (_, row) => 50 * SECOND + 6000 * row + 500);
  const dip = { ...seen, candidates, counts: { ...counts, unmatched: 30, inside: 600_000 } };
  const [missed] = heard(dip).criteria;
  expect(heard(dip).call).toBe('complete');
  expect(missed?.outcome).toBe('doubtful');
  expect(missed?.reason).toContain('from 50 to 60 s');
});

test('spikes that the array does not show are false ones', () => {
  expect(outcomes({ ...seen, unseen: 50 })[1]).toBe('passed');
  expect(outcomes({ ...seen, unseen: 55 })[1]).toBe('doubtful');
  expect(outcomes({ ...seen, unseen: 100 })[1]).toBe('failed');
});

test('second_cell rejects two cells behind the spikes, and array_missed is not asked then', () => {
  const groups = { separation: 8, valley: 0.1, share: 0.2 };
  const { criteria } = heard({ ...seen, groups });
  expect(criteria.map(({ outcome }) => outcome)).toEqual(['unasked', 'passed', 'failed']);
  expect(criteria[0]?.reason).toContain('two cells fired the spikes');
  expect(outcomes({ ...seen, groups: { ...groups, share: 0.03 } })[2]).toBe('passed');
  expect(outcomes({ ...seen, groups: { ...groups, valley: 0.9 } })[2]).toBe('passed');
  expect(outcomes({ ...seen, groups: null })[2]).toBe('unasked');
});

const height = (outcome: 'passed' | 'doubtful' | 'failed'): Criterion => ({
  criterion: 'missed_fraction',
  value: 0.1,
  low: 0.06,
  high: 0.2,
  limit: 0.05,
  passesAt: 0.2,
  outcome,
  brief: 'by heights',
  reason: 'by heights',
});

test.each([
  {
    call: 'complete',
    of: 'failed',
    becomes: 'doubtful',
    says: 'hardly ever shows the cell without a spike of the pipette',
  },
  {
    call: 'complete',
    of: 'doubtful',
    becomes: 'doubtful',
    says: 'hardly ever shows the cell without a spike of the pipette',
  },
  { call: 'complete', of: 'passed', becomes: 'passed', says: 'by heights' },
  { call: 'cannot tell', of: 'failed', becomes: 'failed', says: 'by heights' },
  { call: 'missing', of: 'doubtful', becomes: 'doubtful', says: 'by heights' },
] as const)('heights that $of beside an array that says $call are $becomes', ({ call, of, becomes, says }) => {
  const [criterion] = combined([height(of)], { call, criteria: [] });
  expect(criterion?.outcome).toBe(becomes);
  expect(criterion?.reason).toContain(says);
});

test('an array that contradicts the heights says so in its reason', () => {
  const array = heard({ ...seen, counts: { ...counts, unmatched: 100, inside: 100_000 } });
  expect(combined([height('passed')], array)[1]?.reason).toContain('the heights of the spikes show nothing of it');
  expect(combined([height('failed')], array)[1]?.reason).not.toContain('the heights');
  expect(combined([height('failed')], heard(seen))[1]?.reason).toContain('the heights of the spikes say otherwise');
});
