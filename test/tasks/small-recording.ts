/** Makes a short recording, and lets the tasks make the parts of its report. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { belowThresholdTable, noiseTable, peaksTable, triggersAgreementTable } from '../../schemas/tasks/detect.ts';
import { histogramTable } from '../../schemas/tasks/histogram.ts';
import { acceptedPeriodsTable, criteriaTable, windowsTable } from '../../schemas/tasks/verdict.ts';
import detect from '../../tasks/detect.ts';
import histogram from '../../tasks/histogram.ts';
import verdict from '../../tasks/verdict.ts';
import view from '../../tasks/view.ts';
import { noiseOf } from './lib/figure/drawn.ts';
import { runTask, type TaskInput, temporaryFolder } from './run-task.ts';

const samplingRate = 4000;
const seconds = 20;
const channels = 4;
const window = 30;

/** Noise of standard deviation 1 with spikes of a mean height; a lower mean hides more of them. */
export function smallTrace({
  height,
  spikes,
  seed = 1,
}: {
  height: number;
  spikes: number;
  seed?: number;
}): Float32Array {
  const noise = noiseOf(seed);
  const trace = Float32Array.from({ length: samplingRate * seconds }, noise);
  for (let i = 0; i < spikes; i++) {
    const at = Math.round(((i + 0.5) * trace.length) / spikes + 10 * noise());
    const peak = Math.max(0, height + 2 * noise());
    for (let d = -3; d <= 3; d++) trace[at + d] = -peak * (1 - Math.abs(d) / 4);
  }
  return trace;
}

/** The inputs of the task `view` for such a recording, made by the earlier tasks. */
async function smallRecording(
  trace: Float32Array,
  modelled: string | null,
): Promise<{ readonly [port: string]: TaskInput }> {
  const juxta = join(temporaryFolder(), 'juxta.raw');
  writeFileSync(juxta, trace);
  const info = {
    stem: ['patch_1'],
    padding: [7],
    samples: [trace.length],
    sampling_rate: [samplingRate],
    channels: [channels],
    dropped_channels: [''],
    mea_dtype: ['<u2'],
    juxta_dtype: ['<f4'],
    gain: [0.1],
    offset: [32767],
    modelled: [modelled],
  };
  const detected = await runTask(detect, { inputs: { juxta, info } });
  const peaks = await detected.table('peaks', peaksTable);
  const noise = await detected.table('noise', noiseTable);
  const below_threshold = await detected.table('below_threshold', belowThresholdTable);
  const counted = await runTask(histogram, { inputs: { peaks, noise } });
  const spikes = peaks.sample_index.length;
  const gt_info = {
    nb_spike: [spikes],
    max_on_channel: [spikes > 0 ? 1 : null],
    peak_value: [spikes > 0 ? -80 : null],
    peak_snr: [spikes > 0 ? 8 : null],
    noise_mad: [spikes > 0 ? 10 : null],
    file_channel: [spikes > 0 ? 1 : null],
  };
  const judged = await runTask(verdict, {
    inputs: { peaks, noise, below_threshold, gt_info },
    params: { recording: 'small', window: 2 },
  });
  const cells = spikes > 0 ? Array.from({ length: channels * window }, (_, i) => i) : [];
  return {
    juxta,
    info,
    peaks,
    noise,
    below_threshold,
    triggers_agreement: await detected.table('triggers_agreement', triggersAgreementTable),
    histogram: await counted.table('histogram', histogramTable),
    waveforms: {
      channel: cells.map((i) => Math.floor(i / window)),
      sample: cells.map((i) => (i % window) - 10),
      median: cells.map((i) => 32767 - (i % window === 10 ? 20 * (1 + Math.floor(i / window)) : 0)),
      mad: cells.map(() => 4),
    },
    picked: { sample_index: peaks.sample_index.slice(0, 5) },
    channel_noise: {
      channel: [0, 1, 2, 3],
      file_channel: [0, 1, 2, 3],
      median: [32767, 32767, 32767, 32767],
      mad: [10, 10, 10, 10],
    },
    gt_info,
    criteria: await judged.table('criteria', criteriaTable),
    windows: await judged.table('windows', windowsTable),
    accepted_periods: await judged.table('accepted_periods', acceptedPeriodsTable),
  };
}

/** A recording's parts of the page: paths of its section and its sparkline, its info and its criteria. */
export async function smallView(recording: string, trace: Float32Array, modelled: string | null = null) {
  const inputs = await smallRecording(trace, modelled);
  const viewed = await runTask(view, { inputs, params: { recording } });
  return {
    section: viewed.path('section'),
    sparkline: viewed.path('sparkline'),
    info: inputs.info as { readonly [column: string]: ArrayLike<unknown> },
    criteria: inputs.criteria as { readonly [column: string]: ArrayLike<unknown> },
    html: readFileSync(viewed.path('section'), 'utf8'),
  };
}
