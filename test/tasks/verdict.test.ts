import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { acceptedPeriodsTable, criteriaTable, verdictTable, windowsTable } from '../../schemas/tasks/verdict.ts';
import verdict from '../../tasks/verdict.ts';
import { type SyntheticRecording, syntheticRecording } from './lib/spikes/drawn-heights.ts';
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
const published = yaml('published.yaml') as { [recording: string]: { decision: string; boundary?: boolean } };

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

const judge = async (recording: string, inputs: Parameters<typeof runTask>[1]['inputs'], params = {}) => {
  const run = await runTask(verdict, { inputs, params: { recording, ...params } });
  const criteria = await run.table('criteria', criteriaTable);
  return {
    criteria,
    passed: new Map(criteria.criterion.map((name, row) => [name, criteria.passed[row]])),
    verdict: await run.table('verdict', verdictTable),
    windows: await run.table('windows', windowsTable),
    periods: await run.table('accepted_periods', acceptedPeriodsTable),
  };
};

const NAMES = [
  'spike_count',
  'threshold_height',
  'edge_fraction',
  'missed_fraction',
  'missed_fraction_in_windows',
  'worst_window',
  'longest_silence',
  'presence',
  'short_silences',
  'amplitude_modes',
  'amplitude_step',
  'amplitude_drift',
  'short_intervals',
  'double_detections',
  'refractory_contamination',
  'clipping',
];

/** By heights alone; the trace shows no missed spikes there. */
const UNSOUND: { readonly [recording: string]: readonly bigint[] } = {
  '20170803_patch1': [0n, 5_000_000n, 5_400_000n, 6_000_000n],
};
const ascending = (a: bigint, b: bigint) => Number(a - b);

test.each(Object.entries(facts))('%s is judged as published', async (recording, fact) => {
  const { criteria, verdict, windows, periods } = await judge(recording, detected(recording, fact));
  const { decision, boundary } = published[recording] ?? {};
  const kept = boundary ? 'borderline' : 'accept';
  const expected = decision === 'accepted' ? kept : 'reject';
  expect([verdict.recording[0], verdict.verdict[0]]).toEqual([recording, expected]);
  expect(criteria.criterion).toEqual(NAMES);
  expect(criteria.passed.every(Boolean)).toBe(expected === 'accept');
  expect(criteria.outcome.map((outcome) => outcome === 'passed')).toEqual([...criteria.passed]);
  expect(criteria.value[0]).toBe(fact.n_spikes);
  // A window in which spikes may be missing is in no period, of an accepted recording neither.
  const [all, without] = [[0n, BigInt(fact.n_samples)], UNSOUND[recording]];
  if (expected === 'accept')
    expect([...periods.start_sample, ...periods.end_sample].sort(ascending)).toEqual(without ?? all);
  if (windows.spikes.length > 0) expect(windows.spikes.reduce((sum, spikes) => sum + spikes)).toBe(fact.n_spikes);
});

const reasonOn = async (recording: string) =>
  (await judge(recording, detected(recording, facts[recording] as Facts))).verdict.reason[0];

test('the reason is a single sentence in plain words', async () => {
  expect(await reasonOn('20170726_patch1')).toBe(
    '10 % of the spikes lie at the threshold (limit 1 %), 12 % are missing (9.3 to 14 %), and 1 more criterion failed',
  );
  expect(await reasonOn('20160415_patch2')).toBe('3514 spikes, clear of the threshold, 0.05 % missing');
  expect(await reasonOn('20170622_patch2')).toMatch(/^91 % of the spikes lie at the threshold \(limit 1 %\), /);
});

const accepted = '20160415_patch2';
const good = () => detected(accepted, facts[accepted] as Facts);

test('an SNR that cannot be computed leaves a recording in doubt, and does not reject it', async () => {
  const seen = await judge(accepted, { ...good(), gt_info: gtInfo(9.5) });
  expect(seen.verdict.verdict).toEqual(['accept']);
  expect(seen.criteria.criterion).toContain('peak_snr');
  const unseen = await judge(accepted, { ...good(), gt_info: gtInfo(null) });
  expect(unseen.verdict).toMatchObject({
    verdict: ['borderline'],
    reason: [expect.stringContaining('the SNR on the array cannot be measured')],
  });
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
  expect(criteria.criterion.filter((_, row) => !criteria.passed[row])).toContain('threshold_height');
  expect(verdict).toMatchObject({
    verdict: ['reject'],
    reason: [expect.stringContaining('-40.0 MAD from the baseline')],
  });
});

test('no spikes, or no noise to measure by, are rejected with a reason', async () => {
  const none = { sample_index: [], time: [], amplitude: [] };
  const silent = await judge(accepted, { ...good(), peaks: none });
  expect(silent.verdict.verdict).toEqual(['reject']);
  const failing = silent.criteria.criterion.filter((_, row) => silent.criteria.outcome[row] === 'failed');
  expect(failing).toEqual([
    'spike_count',
    'edge_fraction',
    'missed_fraction',
    'missed_fraction_in_windows',
    'presence',
    'short_intervals',
  ]);
  expect(silent.criteria.reason.every((reason) => reason.length > 20)).toBe(true);
  expect(silent.periods.start_sample).toHaveLength(0);
  const flat = await judge(accepted, { ...good(), noise: { ...good().noise, mad: [0] } });
  expect(flat.verdict.verdict).toEqual(['reject']);
});

/** A synthetic recording as `detect` would hand it on: threshold 8 MAD, MAD 1. */
function made({ spikes, beyond, length }: SyntheticRecording) {
  const peaks = {
    sample_index: [...spikes],
    time: spikes.map((at) => at / 20000),
    amplitude: Float32Array.from(beyond, (y) => -8 - y),
  };
  return { peaks, noise: { n_samples: [length], sampling_rate: [20000], median: [0], mad: [1], threshold: [8] } };
}

test('an interval around the limit is borderline', async () => {
  const { verdict, passed } = await judge('x', made(syntheticRecording(7, { count: 800, mean: () => 1.645 })));
  expect(verdict.verdict).toEqual(['borderline']);
  expect(verdict.reason[0]).toMatch(
    /^7\.6 % of the spikes lie at the threshold .*, and 2 more doubts; to decide, lower the threshold/,
  );
  expect(passed.get('missed_fraction')).toBe(false);
});

test('a dip of 20 s to the threshold rejects, and the rest of the recording is kept', async () => {
  const dip = syntheticRecording(3, { count: 3000, mean: (time) => (time >= 0.4 && time < 0.4 + 20 / 300 ? 0 : 6) });
  const { verdict, passed, periods } = await judge('x', made(dip));
  expect(verdict.verdict).toEqual(['reject']);
  expect([passed.get('missed_fraction'), passed.get('worst_window')]).toEqual([true, false]);
  expect([...periods.start_sample]).toEqual([0n, 2_800_000n]);
  expect([...periods.end_sample]).toEqual([2_400_000n, 6_000_000n]);
});

test('a silence that the rate does not explain is a doubt when short and rejects when long; the rest is kept', async () => {
  const whole = syntheticRecording(4, { count: 3000, mean: () => 6 });
  const silent = (from: number, to: number) => {
    const kept = [...whole.spikes.keys()].filter((row) => {
      const time = (whole.spikes[row] as number) / 20000;
      return time < from || time >= to;
    });
    return judge(
      'x',
      made({
        ...whole,
        spikes: whole.spikes.filter((_, row) => kept.includes(row)),
        beyond: whole.beyond.filter((_, row) => kept.includes(row)),
      }),
    );
  };
  const short = await silent(100, 120);
  expect(short.verdict.verdict).toEqual(['borderline']);
  expect(short.verdict.reason[0]).toContain('there are no spikes from');
  expect(short.periods.start_sample).toHaveLength(2);
  const long = await silent(200, 300);
  expect(long.verdict.verdict).toEqual(['reject']);
  expect(Number(long.periods.end_sample[0]) / 20000).toBeCloseTo(200, 0);
});

test('the evidence of array and pipette is compared with the limits, if it is given', async () => {
  const lag = {
    early_spikes: [50],
    late_spikes: [50],
    channel: [0],
    early_height: [90],
    late_height: [80],
    lag: [-40],
    correlation: [0.9],
  };
  const below_threshold = {
    sample_index: [10, 20],
    time: [0.0005, 0.001],
    amplitude: Float32Array.of(-12, 12),
    mirrored: [false, true],
  };
  const triggers_agreement = { authors: [100], found: [98], missed: [2], extra: [3], median_offset: [0] };
  const { criteria, verdict } = await judge(accepted, {
    ...good(),
    below_threshold,
    noise_windows: { start_sample: [0], end_sample: [100], median: [0], mad: [1] },
    gt_info: gtInfo(9.5),
    lag,
    triggers_agreement,
  });
  expect(criteria.criterion).toEqual([
    ...NAMES.slice(0, 5),
    'tail_below_threshold',
    ...NAMES.slice(5, -2),
    'peak_snr',
    'array_lag',
    ...NAMES.slice(-2),
    'noise_change',
    'authors_agreement',
  ]);
  expect(verdict).toMatchObject({
    verdict: ['reject'],
    reason: [expect.stringContaining('drift apart by 2.00 ms (limit 0.4 ms)')],
  });
});
