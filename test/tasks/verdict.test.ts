import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { criteriaTable, verdictTable } from '../../schemas/tasks/verdict.ts';
import verdict from '../../tasks/verdict.ts';
import { runTask } from './run-task.ts';

interface Facts {
  readonly n_spikes: number;
  readonly median: number;
  readonly mad: number;
  readonly threshold: number;
  readonly n_samples: number;
}

const yaml = (file: string) => parse(readFileSync(new URL(`../../data/${file}`, import.meta.url), 'utf8')).recordings;
const facts = yaml('replicas/recordings.yaml') as { [recording: string]: Facts };
const published = yaml('published.yaml') as { [recording: string]: { decision: string } };

/** The published recording as `detect` would hand it on. */
function detected(recording: string, { median, mad, threshold, n_samples }: Facts) {
  const csv = readFileSync(new URL(`../../data/replicas/${recording}.peaks.csv`, import.meta.url), 'utf8');
  const rows = csv.trim().split('\n').slice(1);
  const cells = rows.map((row) => row.split(',').map(Number));
  const index = cells.map(([sample]) => sample ?? Number.NaN);
  return {
    peaks: {
      sample_index: index,
      time: index.map((sample) => sample / 20000),
      amplitude: Float32Array.from(cells, ([, amplitude]) => amplitude ?? Number.NaN),
    },
    noise: { n_samples: [n_samples], sampling_rate: [20000], median: [median], mad: [mad], threshold: [-threshold] },
  };
}

const gtInfo = (peakSnr: number | null) => ({
  nb_spike: [1],
  max_on_channel: [0],
  peak_value: [-20],
  peak_snr: [peakSnr],
  noise_mad: [2],
  file_channel: [0],
});

const judge = async (recording: string, inputs: Parameters<typeof runTask>[1]['inputs']) => {
  const run = await runTask(verdict, { inputs, params: { recording } });
  return { criteria: await run.table('criteria', criteriaTable), verdict: await run.table('verdict', verdictTable) };
};

test.each(Object.entries(facts))('%s is judged as published', async (recording, fact) => {
  const { criteria, verdict } = await judge(recording, detected(recording, fact));
  const expected = published[recording]?.decision === 'accepted' ? 'accept' : 'reject';
  expect([verdict.recording[0], verdict.verdict[0]]).toEqual([recording, expected]);
  expect(criteria.criterion).toEqual(['spike_count', 'threshold_height', 'edge_fraction', 'missed_fraction']);
  expect(criteria.passed.every(Boolean)).toBe(expected === 'accept');
  expect(criteria.value[0]).toBe(fact.n_spikes);
});

const reasonOn = async (recording: string) =>
  (await judge(recording, detected(recording, facts[recording] as Facts))).verdict.reason[0];

test('the reasons are sentences with numbers and limits', async () => {
  expect(await reasonOn('20170726_patch1')).toBe(
    '10.3 % of the spikes lie within one MAD of the threshold, over the limit of 1 %; ' +
      '11.7 % of the spikes are missing (95 % interval 9.7 to 14.1 %), over the limit of 5 %',
  );
  expect(await reasonOn('20170803_patch1')).toBe(
    '7639 spikes; detection level 8.5 MAD from the baseline; ' +
      '0.01 % of the spikes lie within one MAD of the threshold, limit 1 %; ' +
      '2.1 % of the spikes are missing (95 % interval 1.9 to 2.4 %), limit 5 %',
  );
  expect(await reasonOn('20170622_patch2')).toContain('80 spikes, fewer than 100');
});

const accepted = '20160415_patch2';
const good = () => detected(accepted, facts[accepted] as Facts);

test('an SNR that cannot be computed is no ground truth, one that can is', async () => {
  const seen = await judge(accepted, { ...good(), gt_info: gtInfo(9.5) });
  expect(seen.verdict.verdict).toEqual(['accept']);
  expect(seen.criteria.criterion.at(-1)).toBe('peak_snr');
  const unseen = await judge(accepted, { ...good(), gt_info: gtInfo(null) });
  expect(unseen.verdict).toMatchObject({ verdict: ['reject'], reason: [expect.stringContaining('peak SNR')] });
});

test('positive spikes are judged as their mirror image', async () => {
  const { peaks, noise } = good();
  const mirrored = { ...peaks, amplitude: peaks.amplitude.map((amplitude) => -amplitude) };
  const flipped = { ...noise, median: noise.median.map((median) => -median) };
  const up = await judge(accepted, { peaks: mirrored, noise: flipped });
  expect(up).toEqual(await judge(accepted, { peaks, noise }));
});

test('a detection level on the wrong side of the baseline is rejected, however far the noise lies from it', async () => {
  const { peaks, noise } = good();
  const amplitude = peaks.amplitude.map((_, spike) => -32 - (spike % 7) / 10);
  const below = { ...noise, median: [-30], mad: [1.25], threshold: [-20] };
  const { criteria, verdict } = await judge(accepted, { peaks: { ...peaks, amplitude }, noise: below });
  expect(criteria.passed).toEqual([true, false, true, true]);
  expect(verdict).toMatchObject({
    verdict: ['reject'],
    reason: [expect.stringContaining('-40.0 MAD from the baseline')],
  });
});

test('no spikes, or no noise to measure by, are rejected with a reason', async () => {
  const none = { sample_index: [], time: [], amplitude: [] };
  const silent = await judge(accepted, { ...good(), peaks: none });
  expect(silent.verdict.verdict).toEqual(['reject']);
  expect(silent.criteria.passed).toEqual([false, true, false, false]);
  const flat = await judge(accepted, { ...good(), noise: { ...good().noise, mad: [0] } });
  expect(flat.verdict.verdict).toEqual(['reject']);
});

test('an interval around the limit is borderline, and the criterion has not passed', async () => {
  const run = await runTask(verdict, {
    inputs: detected('20170803_patch1', facts['20170803_patch1'] as Facts),
    params: { recording: 'x', maximum_missed_fraction: 0.02 },
  });
  expect(await run.table('verdict', verdictTable)).toMatchObject({ recording: ['x'], verdict: ['borderline'] });
  expect((await run.table('criteria', criteriaTable)).passed).toEqual([true, true, true, false]);
});
