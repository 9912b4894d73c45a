/**
 * Runs the real pipeline on archives that an independent program wrote, and compares with the values that the notebook's
 * code (NumPy, tridesclous) computes from them, to the last bit. `count: all` picks the same spikes as the notebook.
 */
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { noiseTable, peaksTable, triggersAgreementTable } from '../../schemas/tasks/detect.ts';
import { histogramTable } from '../../schemas/tasks/histogram.ts';
import { channelNoiseTable } from '../../schemas/tasks/noise.ts';
import { gtInfoTable } from '../../schemas/tasks/snr.ts';
import { infoTable } from '../../schemas/tasks/unzip.ts';
import { pickedTable, waveformsTable } from '../../schemas/tasks/waveforms.ts';
import { readTable } from '../../src/task/table-file.ts';
import type { Columns, TableSchema } from '../../src/task/table-schema.ts';
import { binEdges } from '../../tasks/lib/spikes/amplitude-histogram.ts';
import { makeRig, type Ran, type Rig } from './rig.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const references = fileURLToPath(new URL('../fixtures/reference/', import.meta.url));
const cases = readdirSync(references).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));

/** A float as printed (`v`) and exactly (`hex`). */
interface Exact {
  readonly v: number;
  readonly hex: string;
}

interface Reference {
  readonly padding: number;
  readonly n_juxta: number;
  readonly med: Exact;
  readonly mad: Exact;
  readonly thresh: Exact;
  readonly nb_spike: number;
  readonly nb_spike_if_med_minus_8mad?: number;
  readonly indexes: readonly number[];
  readonly indexes_sha256: string;
  readonly amplitudes: readonly number[];
  readonly amplitudes_sha256_f32: string;
  readonly hist_counts: readonly number[] | null;
  readonly hist_first_edge: Exact;
  readonly hist_n_edges: number;
  readonly hist_edges_sha256_f64: string;
  readonly dropped_edge: number;
  readonly picked: readonly number[];
  readonly max_on_channel: number;
  readonly max_on_raw_channel: number;
  readonly baseline: Exact;
  readonly noise_mad: Exact;
  readonly peak_value: Exact;
  readonly peak_snr: Exact;
  readonly wf_median_sha256_f64: string;
  readonly wf_median_on_max: readonly number[];
}

/** Reads C99 hex floats such as -0x1.4252bc0000000p-5. */
function exact({ hex }: Exact): number {
  const [, sign, digits, fraction = '', exponent] = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(hex) ?? [];
  const scaled = BigInt(`0x${digits}${fraction}`);
  return Number(scaled) * 2 ** (Number(exponent) - 4 * fraction.length) * (sign ? -1 : 1);
}

const sha256 = (bytes: NodeJS.ArrayBufferView) => createHash('sha256').update(bytes).digest('hex');

let rig: Rig;
let ran: Ran;

beforeAll(async () => {
  let remove = () => {};
  rig = makeRig({ 'pipeline.yaml': readFileSync(`${repository}pipeline.yaml`) }, (end) => {
    remove = end;
  });
  for (const name of ['tasks', 'schemas']) symlinkSync(`${repository}${name}`, rig.path(name));
  cpSync(references, rig.path('data/original_files'), { recursive: true });
  for (const file of ['data/published.yaml', 'data/mea_256.csv']) cpSync(`${repository}${file}`, rig.path(file));
  const request = ['--profile', 'local', '--each', `recording=${cases.join(',')}`, '--set', 'waveforms.count=all'];
  ran = await rig.run(...request);
  return remove;
});

const table = async <T extends TableSchema>(path: string, schema: T): Promise<Columns<T>> => {
  const read = await readTable(rig.path(`out/${path}.arrow`), schema);
  if (!read.ok) throw new Error(`${path}: ${JSON.stringify(read.error)}`);
  return read.value;
};

test('all nine parity cases run', () => {
  expect(ran.code, ran.stderr).toBe(0);
  expect(cases.length).toBe(9);
  expect(ran.executed.length).toBe(9 * 9 + 3);
});

describe.each(cases)('%s', (name) => {
  const reference = JSON.parse(readFileSync(`${references}${name}.json`, 'utf8')) as Reference;

  test('has the same layout on disk', async () => {
    const { padding, samples } = await table(`unzip/${name}/info`, infoTable);
    expect([padding[0], samples[0]]).toEqual([BigInt(reference.padding), BigInt(reference.n_juxta)]);
  });

  test('has the same median, MAD and threshold', async () => {
    expect(await table(`detect/${name}/noise`, noiseTable)).toEqual({
      n_samples: BigInt64Array.of(BigInt(reference.n_juxta)),
      sampling_rate: Float64Array.of(20000),
      median: Float64Array.of(exact(reference.med)),
      mad: Float64Array.of(exact(reference.mad)),
      threshold: Float64Array.of(exact(reference.thresh)),
    });
    const finished = ran.finished(`detect@${name}`);
    expect('warnings' in finished && finished.warnings.length).toBe(reference.thresh.v > 0 ? 0 : 1);
  });

  test('has the same peaks', async () => {
    const { sample_index, time, amplitude } = await table(`detect/${name}/peaks`, peaksTable);
    expect([...sample_index].map(Number)).toEqual(reference.indexes);
    for (const file of [`detect/${name}/indexes.raw`, `export/ground_truth/${name}/juxta_peak_indexes.raw`]) {
      expect(sha256(readFileSync(rig.path(`out/${file}`)))).toBe(reference.indexes_sha256);
    }
    expect(sha256(amplitude)).toBe(reference.amplitudes_sha256_f32);
    expect([...amplitude]).toEqual(reference.amplitudes);
    expect([...time]).toEqual(reference.indexes.map((index) => index / 20000));
  });

  test("has an agreement with the authors' spikes that adds up", async () => {
    const { authors, found, missed, extra } = await table(`detect/${name}/triggers_agreement`, triggersAgreementTable);
    expect(Number(found[0]) + Number(missed[0])).toBe(Number(authors[0]));
    expect(Number(found[0]) + Number(extra[0])).toBe(reference.nb_spike);
  });

  test('has the same histogram', async () => {
    const { bin_left, count } = await table(`histogram/${name}/histogram`, histogramTable);
    expect([...count].map(Number)).toEqual(reference.hist_counts ?? []);
    if (reference.hist_counts === null) return;
    const edges = binEdges(Float32Array.from(reference.amplitudes), 0.5);
    expect([edges[0], edges.length]).toEqual([exact(reference.hist_first_edge), reference.hist_n_edges]);
    expect(sha256(edges)).toBe(reference.hist_edges_sha256_f64);
    expect(bin_left).toEqual(edges.slice(0, -1));
  });

  test('has the same waveforms, noise and SNR', async () => {
    const { median } = await table(`waveforms/${name}/waveforms`, waveformsTable);
    const noise = await table(`noise/${name}/channel_noise`, channelNoiseTable);
    const gtInfo = await table(`snr/${name}/gt_info`, gtInfoTable);
    expect(noise.channel.length).toBe(252);
    if (name === 'silent') {
      expect(median.length).toBe(0);
      expect(gtInfo).toMatchObject({ nb_spike: BigInt64Array.of(0n), peak_snr: [null], max_on_channel: [null] });
      return;
    }
    const { sample_index } = await table(`waveforms/${name}/picked`, pickedTable);
    expect([...sample_index].map(Number)).toEqual(reference.picked);
    const best = reference.max_on_channel;
    expect([...median.subarray(best * 105, (best + 1) * 105)]).toEqual(reference.wf_median_on_max);
    const bySample = Float64Array.from({ length: median.length }, (_, i) => {
      const [sample, channel] = [Math.floor(i / 252), i % 252];
      return median[channel * 105 + sample] ?? Number.NaN;
    });
    expect(sha256(bySample)).toBe(reference.wf_median_sha256_f64);
    expect([noise.median[best], noise.mad[best]]).toEqual([exact(reference.baseline), exact(reference.noise_mad)]);
    expect(gtInfo).toEqual({
      nb_spike: BigInt64Array.of(BigInt(reference.nb_spike)),
      max_on_channel: [best],
      peak_value: [exact(reference.peak_value)],
      peak_snr: [exact(reference.peak_snr)],
      noise_mad: [exact(reference.noise_mad)],
      file_channel: [reference.max_on_raw_channel],
    });
  });
});

test('parity holds for the other threshold rule', async () => {
  const rule = ['--set', 'detect.threshold_rule=baseline', '--set', 'waveforms.count=all'];
  await rig.run('detect', '--profile', 'local', '--each', `recording=${cases.join(',')}`, ...rule);
  for (const name of cases) {
    const { nb_spike_if_med_minus_8mad = 0 } = JSON.parse(
      readFileSync(`${references}${name}.json`, 'utf8'),
    ) as Reference;
    const { sample_index } = await table(`detect/${name}/peaks`, peaksTable);
    expect([name, sample_index.length]).toEqual([name, nb_spike_if_med_minus_8mad]);
  }
});
