import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { belowThresholdTable, noiseTable, peaksTable, triggersAgreementTable } from '../../schemas/tasks/detect.ts';
import { histogramTable } from '../../schemas/tasks/histogram.ts';
import detect from '../../tasks/detect.ts';
import histogram from '../../tasks/histogram.ts';
import { encodeNpySamples } from '../../tasks/lib/recording/npy.ts';
import { runTask, temporaryFolder } from './run-task.ts';

const samplingRate = 10000;
const spikes = [100, 400, 900];

/** A sawtooth of MAD 1.4826 about `baseline`, with spikes of -40, -50 and -60 at three places. */
function trace(baseline: number): Float32Array {
  const values = Float32Array.from({ length: 1000 }, (_, i) => baseline + (i % 5) - 2);
  spikes.forEach((sample, i) => {
    values[sample] = -40 - 10 * i;
  });
  return values;
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

const inputsOf = (values: Float32Array) => ({
  juxta: file('juxta.raw', new Uint8Array(values.buffer)),
  info: {
    stem: ['patch_1'],
    padding: [0],
    samples: [values.length],
    sampling_rate: [samplingRate],
    channels: [1],
    dropped_channels: [''],
    mea_dtype: ['<u2'],
    juxta_dtype: ['<f4'],
    gain: [1],
    offset: [0],
    modelled: [null],
  },
});

const triggers = (samples: readonly number[]) =>
  file('triggers.npy', encodeNpySamples(BigInt64Array.from(samples, BigInt)));

test('detect finds spikes with their times, and the noise', async () => {
  const run = await runTask(detect, { inputs: inputsOf(trace(0)) });
  expect(await run.table('peaks', peaksTable)).toEqual({
    sample_index: BigInt64Array.of(100n, 400n, 900n),
    time: Float64Array.of(0.01, 0.04, 0.09),
    amplitude: Float32Array.of(-40, -50, -60),
  });
  const { median, mad, threshold } = await run.table('noise', noiseTable);
  expect([median[0], mad[0], threshold[0]]).toEqual([0, 1.4826, 8 * 1.4826]);
  expect(run.warnings).toEqual([]);
});

test.each([['+'], ['pos']])('detect finds positive spikes with peak_sign %s', async (sign) => {
  const up = trace(0).map((value) => -value);
  const run = await runTask(detect, { inputs: inputsOf(up), params: { peak_sign: sign } });
  const { sample_index, amplitude } = await run.table('peaks', peaksTable);
  expect([...sample_index]).toEqual([100n, 400n, 900n]);
  expect([...amplitude]).toEqual([40, 50, 60]);
  const counted = await runTask(histogram, { inputs: { peaks: run.path('peaks'), noise: run.path('noise') } });
  const { bin_left, count } = await counted.table('histogram', histogramTable);
  const filled = [...bin_left].flatMap((left, bin) => (count[bin] ? [[left, count[bin]]] : []));
  expect(filled).toEqual([
    [39.5, 1n],
    [49.5, 1n],
    [59.5, 1n],
  ]);
});

describe('peaks below the threshold', () => {
  const tail = async (values: Float32Array, params = {}) => {
    const run = await runTask(detect, { inputs: inputsOf(values), params });
    return run.table('below_threshold', belowThresholdTable);
  };

  /** Peaks at 6 MAD: within 2 ms of a spike (20 samples here), just outside, and of the opposite sign. */
  function withTail(): Float32Array {
    const values = trace(0);
    values[120] = -9;
    values[421] = -9;
    values[600] = 9;
    return values;
  }

  test('detect lists peaks clear of the spikes, and their mirror images', async () => {
    expect(await tail(withTail())).toEqual({
      sample_index: BigInt64Array.of(421n, 600n),
      time: Float64Array.of(0.0421, 0.06),
      amplitude: Float32Array.of(-9, 9),
      mirrored: [false, true],
    });
  });

  test('detect lists peaks below positive spikes', async () => {
    const up = withTail().map((value) => -value);
    const { sample_index, mirrored } = await tail(up, { peak_sign: '+' });
    expect([...sample_index]).toEqual([421n, 600n]);
    expect(mirrored).toEqual([false, true]);
  });

  test('detect lists peaks from tail_multiplier on, and none if the level is not higher', async () => {
    expect((await tail(withTail(), { tail_multiplier: 6.5 })).sample_index.length).toBe(0);
    expect((await tail(withTail(), { mad_multiplier: 5 })).sample_index.length).toBe(0);
    expect((await tail(trace(-30))).sample_index.length).toBe(0);
  });

  test('detect measures the band from the baseline up to the detection level', async () => {
    const values = trace(5).map((value) => (value < -10 ? value - 30 : value));
    values[200] = 5 - 7;
    values[250] = 5 - 21;
    values[300] = 5 - 22;
    values[600] = 5 + 21;
    values[650] = 5 + 22;
    // The notebook's level, -(5 + 8 MAD), lies 10 + 8 MAD or 21.9 below the baseline.
    const { sample_index, mirrored } = await tail(values, { tail_multiplier: 4.5 });
    expect([...sample_index]).toEqual([200n, 250n, 600n]);
    expect(mirrored).toEqual([false, false, true]);
  });
});

describe('an offset baseline', () => {
  test('an offset moves the level away from the baseline by the rule notebook, and with it by the rule baseline', async () => {
    const inputs = inputsOf(trace(35));
    const thresholds = async (rule: string) => {
      const run = await runTask(detect, { inputs, params: { threshold_rule: rule } });
      return (await run.table('noise', noiseTable)).threshold[0];
    };
    expect(await thresholds('notebook')).toBe(35 + 8 * 1.4826);
    expect(await thresholds('baseline')).toBe(8 * 1.4826 - 35);
  });

  test('detect warns about an offset that makes the threshold negative', async () => {
    const run = await runTask(detect, { inputs: inputsOf(trace(-30)) });
    expect(run.warnings).toEqual([
      expect.stringMatching(/^the threshold is -18\.\d+, not above 0 \(median -30, MAD 1\.4826\)/),
    ]);
  });
});

describe("the authors' spikes", () => {
  const agreement = async (samples: readonly number[], params = {}) => {
    const inputs = { ...inputsOf(trace(0)), triggers: triggers(samples) };
    const table = await (await runTask(detect, { inputs, params })).table('triggers_agreement', triggersAgreementTable);
    return Object.values(table).map(([value]) => (value === null || value === undefined ? null : Number(value)));
  };

  test('detect counts found, missed and extra spikes, and their offset (0.5 ms are 5 samples here)', async () => {
    expect(await agreement([98, 395, 600])).toEqual([3, 2, 1, 1, 2]);
    expect(await agreement([98, 394, 899])).toEqual([3, 2, 1, 1, 2]);
  });

  test("detect accepts the authors' spikes in any order", async () => {
    expect(await agreement([900, 100, 400])).toEqual([3, 3, 0, 0, 0]);
  });

  test('detect matches spikes within match_tolerance', async () => {
    expect(await agreement([98, 394, 899], { match_tolerance: 0.1 })).toEqual([3, 1, 2, 2, 2]);
  });

  test("detect writes nulls without the authors' spikes", async () => {
    const run = await runTask(detect, { inputs: inputsOf(trace(0)) });
    const table = await run.table('triggers_agreement', triggersAgreementTable);
    expect(Object.values(table)).toEqual([[null], [null], [null], [null], [null]]);
  });
});

test('detect finds no spikes in a recording shorter than the window', async () => {
  const run = await runTask(detect, { inputs: inputsOf(Float32Array.of(0, -99, 0)) });
  expect((await run.table('peaks', peaksTable)).time.length).toBe(0);
  expect(run.bytes('indexes').length).toBe(0);
});

test("detect warns about the authors' spikes outside the recording", async () => {
  const { warnings } = await runTask(detect, {
    inputs: { ...inputsOf(trace(0)), triggers: triggers([-1, 100, 1000]) },
  });
  expect(warnings).toEqual([
    expect.stringMatching(/^2 of the authors' 3 spikes lie outside .*\(samples 0 to 999\), the first at -1/),
  ]);
});

test('detect refuses a trace without samples', async () => {
  await expect(runTask(detect, { inputs: inputsOf(new Float32Array(0)) })).rejects.toThrow(/no samples/);
});
