/**
 * From archive to SNR, against what an independent Python program computes with the notebook's own formulas:
 * to the last bit. `count: all` takes the same spikes as it does.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { channelNoiseTable } from '../../schemas/tasks/noise.ts';
import { gtInfoTable } from '../../schemas/tasks/snr.ts';
import { infoTable } from '../../schemas/tasks/unzip.ts';
import { pickedTable, waveformsTable } from '../../schemas/tasks/waveforms.ts';
import noise from '../../tasks/noise.ts';
import snr from '../../tasks/snr.ts';
import unzip from '../../tasks/unzip.ts';
import waveforms from '../../tasks/waveforms.ts';
import { runTask } from './run-task.ts';

const reference = new URL('../fixtures/reference/', import.meta.url);

interface Expected {
  padding: number;
  n_mea: number;
  nb_spike: number;
  indexes: number[];
  dropped_edge: number;
  picked: number[];
  max_on_channel: number;
  max_on_raw_channel: number;
  baseline: { hex: string };
  noise_mad: { hex: string };
  peak_value: { hex: string };
  peak_snr: { hex: string };
  peak_sample_in_window: number;
  wf_median_sha256_f64: string;
  wf_median_on_max: number[];
}

/** A double from C99's hexadecimal notation, exactly: 53 bits fit, and a power of two scales without loss. */
function double(hex: string): number {
  const [, sign, whole = '', fraction = '', exponent] = /^(-?)0x([01])\.([0-9a-f]{13}|0)p([+-]\d+)$/.exec(hex) ?? [];
  const mantissa = Number(`0x${whole}${fraction.padEnd(13, '0')}`);
  return (sign === '-' ? -1 : 1) * mantissa * 2 ** (Number(exponent) - 52);
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const cases = readdirSync(reference)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

test('there are reference cases', () => {
  expect(cases).toContain('silent');
  expect(cases.length).toBeGreaterThan(8);
});

async function runAll(name: string) {
  const expected = JSON.parse(readFileSync(new URL(`${name}.json`, reference), 'utf8')) as Expected;
  const unzipped = await runTask(unzip, { inputs: { archive: new URL(`${name}.tar.gz`, reference).pathname } });
  const inputs = { mea: unzipped.path('mea'), info: unzipped.path('info') };
  const zeros = expected.indexes.map(() => 0);
  const peaks = { sample_index: expected.indexes, time: zeros, amplitude: zeros };
  const noisy = await runTask(noise, { inputs });
  const seen = await runTask(waveforms, { inputs: { ...inputs, peaks }, params: { count: 'all' } });
  const channelNoise = noisy.path('channel_noise');
  const rated = await runTask(snr, {
    inputs: { peaks, waveforms: seen.path('waveforms'), channel_noise: channelNoise },
  });
  return {
    expected,
    unzipped,
    seen,
    rated,
    noise: await noisy.table('channel_noise', channelNoiseTable),
    waveforms: await seen.table('waveforms', waveformsTable),
    gtInfo: await rated.table('gt_info', gtInfoTable),
  };
}

test.each(cases.filter((name) => name !== 'silent'))('%s', async (name) => {
  const { expected, unzipped, seen, noise, waveforms, gtInfo } = await runAll(name);
  const info = await unzipped.table('info', infoTable);
  expect([info.padding[0], info.samples[0]]).toEqual([BigInt(expected.padding), BigInt(expected.n_mea)]);

  const picked = (await seen.table('picked', pickedTable)).sample_index;
  expect([...picked]).toEqual(expected.picked.map(BigInt));
  const left = `${expected.dropped_edge} of ${expected.nb_spike} spikes left out: their window [-45, +60) leaves the recording`;
  expect(seen.messages).toEqual(expected.dropped_edge > 0 ? [left] : []);

  const best = expected.max_on_channel;
  const rowOf = (channel: number, sample: number) => channel * 105 + sample;
  expect([...waveforms.median.subarray(rowOf(best, 0), rowOf(best + 1, 0))]).toEqual(expected.wf_median_on_max);
  expect([waveforms.channel[rowOf(best, 7)], waveforms.sample[rowOf(best, 7)]]).toEqual([best, 7 - 45]);
  const transposed = Float64Array.from(
    { length: 105 * 252 },
    (_, i) => waveforms.median[rowOf(i % 252, Math.floor(i / 252))] ?? Number.NaN,
  );
  expect(sha256(new Uint8Array(transposed.buffer))).toBe(expected.wf_median_sha256_f64);

  expect(noise.median[best]).toBe(double(expected.baseline.hex));
  expect(noise.mad[best]).toBe(double(expected.noise_mad.hex));
  expect(gtInfo).toEqual({
    nb_spike: BigInt64Array.of(BigInt(expected.nb_spike)),
    max_on_channel: [best],
    peak_value: [double(expected.peak_value.hex)],
    peak_snr: [double(expected.peak_snr.hex)],
    noise_mad: [double(expected.noise_mad.hex)],
    file_channel: [expected.max_on_raw_channel],
  });
});

test('silent: no spikes, no waveforms, no ratio, and a warning', async () => {
  const { seen, rated, waveforms, noise, gtInfo } = await runAll('silent');
  expect([waveforms.median.length, noise.channel.length]).toEqual([0, 252]);
  expect(gtInfo).toMatchObject({ nb_spike: BigInt64Array.of(0n), peak_snr: [null], max_on_channel: [null] });
  expect([seen.warnings.length, rated.warnings.length]).toEqual([1, 1]);
  expect(Object.keys(seen.figures).sort()).toEqual(['gt_waveforms', 'gt_waveforms_flatten']);
});
