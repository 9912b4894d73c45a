import { expect, test } from 'vitest';
import { arrayCall } from '../../../../tasks/lib/verdict/array-call.ts';
import { arrayMissed, type Counts, refractorySamples } from '../../../../tasks/lib/witness/capture-recapture.ts';

const LIMITS = { missed: 0.05, leastSnr: 10 };
const COUNTS: Counts = {
  matched: 900,
  unmatched: 100,
  refractory: 0,
  following: 0,
  preceding: 0,
  outside: 1_000_000,
  inside: 50_000,
};

test('arrayMissed estimates a tenth if a tenth of the events have no spike of the pipette', () => {
  const { estimate, low, high } = arrayMissed(COUNTS);
  expect(estimate).toBeCloseTo(0.1, 10);
  expect(low).toBeLessThan(0.1);
  expect(high).toBeGreaterThan(0.1);
  expect(high).toBeLessThan(0.13);
});

test('arrayMissed subtracts the rate of events in the refractory zone from the events outside', () => {
  const { estimate, falseEvents, lowWithoutControl } = arrayMissed({ ...COUNTS, refractory: 5 });
  expect(falseEvents).toBe(100);
  expect(estimate).toBe(0);
  expect(lowWithoutControl).toBeGreaterThan(0.07);
});

test.each<[string, Counts, number, string]>([
  ['hardly any event without the pipette', { ...COUNTS, unmatched: 2 }, 16, 'complete'],
  ['a tenth of the events, and 0 in the refractory zone', COUNTS, 16, 'missing'],
  ['the same rate of events in the refractory zone as outside', { ...COUNTS, refractory: 5 }, 12, 'cannot tell'],
  ['a clear cell with too little refractory time', { ...COUNTS, inside: 5_000 }, 16, 'in doubt'],
  ['a faint cell with too little refractory time', { ...COUNTS, inside: 5_000 }, 12, 'cannot tell'],
  ['an SNR under the limit', { ...COUNTS, unmatched: 0 }, 9, 'cannot tell'],
])('arrayCall judges %s', (_, counts, snr, call) => {
  expect(arrayCall(counts, arrayMissed(counts), snr, LIMITS)).toBe(call);
});

test('refractorySamples counts the samples between both limits of a spike, without those closer to another spike', () => {
  expect(refractorySamples([0, 1000], 12, 40)).toBe(56);
  expect(refractorySamples([0, 60], 12, 40)).toBe(36);
  expect(refractorySamples([0, 20], 12, 40)).toBe(0);
  expect(refractorySamples([0], 12, 40)).toBe(0);
});
