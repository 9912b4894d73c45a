import { expect, test } from 'vitest';
import { evaluate } from '../../../../tasks/lib/synthetic/evaluate.ts';

test('evaluate accepts a complete recording, rejects a loss of a fifth, and knows the truth', async () => {
  const sound = await evaluate({ scenario: 'gaussian', level: 0, seed: 1 });
  expect(sound).toMatchObject({ missed: 0, extra: 0, verdict: 'accept', deciding: [], missedInPeriods: 0 });
  expect(sound.spikes).toBe(sound.fired);
  expect(sound.acceptedSeconds).toBeCloseTo(sound.seconds, 6);

  const lossy = await evaluate({ scenario: 'gaussian', level: 0.2, seed: 1 });
  expect(lossy.missed).toBeGreaterThan(0.1);
  expect(lossy.spikes).toBeLessThan(lossy.fired);
  expect(lossy.verdict).toBe('reject');
  expect(lossy.deciding).toContain('edge_fraction');
  expect(lossy.criteria.get('missed_fraction')?.outcome).toBe('failed');
});

test("evaluate counts spikes that are not the cell's as extra", async () => {
  const { missed, extra } = await evaluate({ scenario: 'artefacts', level: 0.2, seed: 2 });
  expect(missed).toBeLessThan(0.01);
  expect(extra).toBeGreaterThan(0.1);
});

test('evaluate with an array judges by all tasks, and the recording has the planned SNR', async () => {
  const seen = await evaluate({ scenario: 'gaussian', level: 0, seed: 4, array: { electrodes: 4, snr: 12 } });
  const { withArray } = seen;
  expect(withArray?.criteria.get('peak_snr')?.value).toBeGreaterThan(9);
  expect(withArray?.criteria.get('peak_snr')?.value).toBeLessThan(15);
  expect(withArray?.criteria.get('array_lag')?.outcome).toBe('passed');
  expect(withArray?.criteria.get('array_missed')?.outcome).toBe('passed');
  expect(seen.criteria.has('array_missed')).toBe(false);
});

test('evaluate detects and pairs spikes that point up', async () => {
  const { missed, extra } = await evaluate({ scenario: 'positive_going', level: 0, seed: 4 });
  expect([missed, extra]).toEqual([0, 0]);
});
