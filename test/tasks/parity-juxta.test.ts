/** The juxtacellular numbers against those of the notebook's own computation (test/fixtures/reference). */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { noiseTable, peaksTable, triggersAgreementTable } from '../../schemas/tasks/detect.ts';
import { histogramTable } from '../../schemas/tasks/histogram.ts';
import detect from '../../tasks/detect.ts';
import histogram from '../../tasks/histogram.ts';
import { binEdges } from '../../tasks/lib/signal/amplitude-histogram.ts';
import unzip from '../../tasks/unzip.ts';
import { runTask, type TaskRun } from './run-task.ts';

const folder = fileURLToPath(new URL('../fixtures/reference/', import.meta.url));
const cases = readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));

/** A float as printed (`v`) and exactly (`hex`). */
interface Exact {
  readonly v: number;
  readonly hex: string;
}

interface Reference {
  readonly n_juxta: number;
  readonly med: Exact;
  readonly mad: Exact;
  readonly thresh: Exact;
  readonly nb_spike: number;
  readonly nb_spike_if_med_minus_8mad: number | undefined;
  readonly indexes: readonly number[];
  readonly indexes_sha256: string;
  readonly amplitudes: readonly number[];
  readonly amplitudes_sha256_f32: string;
  readonly hist_counts: readonly number[] | null;
  readonly hist_first_edge: Exact;
  readonly hist_n_edges: number;
  readonly hist_edges_sha256_f64: string;
}

/** Reads C99 hex floats such as -0x1.4252bc0000000p-5. */
function exact({ hex }: Exact): number {
  const [, sign, digits, fraction, exponent] = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(hex) ?? [];
  const scaled = BigInt(`0x${digits}${fraction}`);
  return Number(scaled) * 2 ** (Number(exponent) - 4 * (fraction ?? '').length) * (sign ? -1 : 1);
}

const sha256 = (bytes: NodeJS.ArrayBufferView) => createHash('sha256').update(bytes).digest('hex');

test('there are reference cases', () => expect(cases.length).toBe(9));

describe.each(cases)('%s', (name) => {
  const reference = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Reference;
  let inputs: { juxta: string; info: string; triggers: string };
  let detected: TaskRun;

  beforeAll(async () => {
    const unzipped = await runTask(unzip, { inputs: { archive: `${folder}${name}.tar.gz` } });
    inputs = { juxta: unzipped.path('juxta'), info: unzipped.path('info'), triggers: unzipped.path('triggers') };
    detected = await runTask(detect, { inputs });
  });

  test('median, MAD and threshold', async () => {
    expect(await detected.table('noise', noiseTable)).toEqual({
      n_samples: BigInt64Array.of(BigInt(reference.n_juxta)),
      sampling_rate: Float64Array.of(20000),
      median: Float64Array.of(exact(reference.med)),
      mad: Float64Array.of(exact(reference.mad)),
      threshold: Float64Array.of(exact(reference.thresh)),
    });
    expect(detected.warnings.length).toBe(reference.thresh.v > 0 ? 0 : 1);
  });

  test('peaks', async () => {
    const { sample_index, time, amplitude } = await detected.table('peaks', peaksTable);
    expect([...sample_index].map(Number)).toEqual(reference.indexes);
    expect(sha256(sample_index)).toBe(reference.indexes_sha256);
    expect(sha256(detected.bytes('indexes'))).toBe(reference.indexes_sha256);
    expect(sha256(amplitude)).toBe(reference.amplitudes_sha256_f32);
    expect([...amplitude]).toEqual(reference.amplitudes);
    expect([...time]).toEqual(reference.indexes.map((index) => index / 20000));
  });

  test('the other threshold rule', async () => {
    const { sample_index } = await runTask(detect, { inputs, params: { threshold_rule: 'baseline' } }).then((run) =>
      run.table('peaks', peaksTable),
    );
    expect(sample_index.length).toBe(reference.nb_spike_if_med_minus_8mad ?? 0);
  });

  test('histogram', async () => {
    const run = await runTask(histogram, { inputs: { peaks: detected.path('peaks'), noise: detected.path('noise') } });
    const { bin_left, count } = await run.table('histogram', histogramTable);
    expect([...count].map(Number)).toEqual(reference.hist_counts ?? []);
    if (reference.hist_counts === null) {
      expect(run.warnings).toEqual(['no spikes: the histogram is empty']);
      return;
    }
    const edges = binEdges(Float32Array.from(reference.amplitudes), 0.5);
    expect(edges[0]).toBe(exact(reference.hist_first_edge));
    expect(edges.length).toBe(reference.hist_n_edges);
    expect(sha256(edges)).toBe(reference.hist_edges_sha256_f64);
    expect(bin_left).toEqual(edges.slice(0, -1));
  });

  test("agreement with the authors' spikes adds up", async () => {
    const { authors, found, missed, extra } = await detected.table('triggers_agreement', triggersAgreementTable);
    expect(Number(found[0]) + Number(missed[0])).toBe(Number(authors[0]));
    expect(Number(found[0]) + Number(extra[0])).toBe(reference.nb_spike);
  });
});
