/** Runs an archive through the pipeline's tasks; returns the line that a user would see. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, type Task } from 'groundproof/task';
import { noiseTable, peaksTable, triggersAgreementTable } from '../../schemas/tasks/detect.ts';
import { gtInfoTable } from '../../schemas/tasks/snr.ts';
import { verdictTable } from '../../schemas/tasks/verdict.ts';
import type { JsonObject } from '../../src/base/json.ts';
import detect from '../../tasks/detect.ts';
import histogram from '../../tasks/histogram.ts';
import noise from '../../tasks/noise.ts';
import snr from '../../tasks/snr.ts';
import unzip from '../../tasks/unzip.ts';
import verdict from '../../tasks/verdict.ts';
import waveforms from '../../tasks/waveforms.ts';
import { runTask, type TaskInput, type TaskRun, temporaryFolder } from '../tasks/run-task.ts';
import type { HostileInput } from './hostile-input.ts';
import { channels, goodJuxta, goodMea } from './recording.ts';

/** Thrown for a DataError of a task; any other error of a task is a bug and is rethrown. */
class Refused extends Error {}

export type LastStep = 'unzip' | 'detect' | 'verdict';

/** Returns the failed step and its message, or a summary of the recording after the last step. */
export async function outcome({ name, bytes }: HostileInput, until: LastStep): Promise<string> {
  const archive = join(temporaryFolder(), `${name}.tar.gz`);
  writeFileSync(archive, bytes());
  try {
    return await runSteps(name, archive, until);
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

async function runSteps(recording: string, archive: string, until: LastStep): Promise<string> {
  const warnings: string[] = [];
  const step = async (task: Task, name: string, inputs: { [port: string]: TaskInput }, params: JsonObject = {}) => {
    const run = await runTask(task, { inputs, params }).catch((error: unknown) => {
      throw error instanceof DataError ? new Refused(`failed ${name}@${recording}: ${error.message}`) : error;
    });
    warnings.push(...run.warnings.map((warning) => `warning ${name}@${recording}: ${warning}`));
    return run;
  };
  const unzipped = await step(unzip, 'unzip', { archive }, { channels, dropped_channels: [] });
  if (until === 'unzip') return `accepted: ${comparison(unzipped)}`;
  const [mea, juxta, info] = [unzipped.path('mea'), unzipped.path('juxta'), unzipped.path('info')];
  const triggers = unzipped.exists('triggers') ? unzipped.path('triggers') : undefined;
  const detected = await step(detect, 'detect', { juxta, info, triggers });
  if (until === 'detect') return [...warnings, await agreement(detected)].join('; ');
  const [peaks, juxtaNoise] = [detected.path('peaks'), detected.path('noise')];
  await step(histogram, 'histogram', { peaks, noise: juxtaNoise });
  const channelNoise = await step(noise, 'noise', { mea, info });
  const waves = await step(waveforms, 'waveforms', { mea, info, peaks });
  const ratio = await step(snr, 'snr', {
    peaks,
    waveforms: waves.path('waveforms'),
    channel_noise: channelNoise.path('channel_noise'),
  });
  const judgement = await step(
    verdict,
    'verdict',
    {
      peaks,
      noise: juxtaNoise,
      below_threshold: detected.path('below_threshold'),
      gt_info: ratio.path('gt_info'),
      lag: waves.path('lag'),
      triggers_agreement: detected.path('triggers_agreement'),
    },
    { recording },
  );
  return [...warnings, await numbers(detected, ratio, judgement)].join('; ');
}

/** An accepted archive must give the bytes of the good recording. */
function comparison(unzipped: TaskRun): string {
  const same = unzipped.bytes('mea').equals(goodMea) && unzipped.bytes('juxta').equals(goodJuxta);
  return same ? 'the good recording, byte for byte' : 'another recording';
}

async function agreement(detected: TaskRun): Promise<string> {
  const { authors, found, missed, extra } = await detected.table('triggers_agreement', triggersAgreementTable);
  if (authors[0] === null) return "no authors' spikes to compare with";
  return `authors' spikes: ${authors[0]}, of these ${found[0]} found, ${missed[0]} missed; ${extra[0]} extra`;
}

/** The numbers that the summary shows. */
async function numbers(detected: TaskRun, ratio: TaskRun, judgement: TaskRun): Promise<string> {
  const { sample_index } = await detected.table('peaks', peaksTable);
  const { threshold } = await detected.table('noise', noiseTable);
  const { peak_snr } = await ratio.table('gt_info', gtInfoTable);
  const { verdict: verdicts, reason } = await judgement.table('verdict', verdictTable);
  const first = (reason[0] ?? '').split('; ')[0];
  return `${sample_index.length} ${sample_index.length === 1 ? 'spike' : 'spikes'}, threshold ${short(threshold[0])}, SNR ${short(peak_snr[0])}: ${verdicts[0]}, ${first}`;
}

const short = (value: number | null | undefined): string =>
  value === null || value === undefined ? 'none' : String(Number(value.toPrecision(4)));
