import { expect, test } from 'vitest';
import { evaluate } from '../../../../tasks/lib/synthetic/evaluate.ts';

test('a complete recording is accepted and one that lost a fifth is not; the truth is of this recording', async () => {
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

test("spikes that are not the cell's count as extra", async () => {
  const { missed, extra } = await evaluate({ scenario: 'artefacts', level: 0.2, seed: 2 });
  expect(missed).toBeLessThan(0.01);
  expect(extra).toBeGreaterThan(0.1);
});

test('with an array the recording is judged by all tasks, and its SNR is the one that was asked for', async () => {
  const seen = await evaluate({ scenario: 'gaussian', level: 0, seed: 4, array: { electrodes: 4, snr: 12 } });
  const { withArray } = seen;
  expect(withArray?.criteria.get('peak_snr')?.value).toBeGreaterThan(9);
  expect(withArray?.criteria.get('peak_snr')?.value).toBeLessThan(15);
  expect(withArray?.criteria.get('array_lag')?.outcome).toBe('passed');
  expect(withArray?.criteria.get('array_missed')?.outcome).toBe('passed');
  expect(seen.criteria.has('array_missed')).toBe(false);
});

test('spikes that point up are detected and matched as well', async () => {
  const { missed, extra } = await evaluate({ scenario: 'positive_going', level: 0, seed: 4 });
  expect([missed, extra]).toEqual([0, 0]);
});
