/** Has the pipeline's own tasks judge a simulated recording, without archives: detect, noise, waveforms, snr, witness and verdict. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import detect from '../../detect.ts';
import noise from '../../noise.ts';
import snr from '../../snr.ts';
import verdict from '../../verdict.ts';
import waveforms from '../../waveforms.ts';
import witness from '../../witness.ts';
import { callTask, type MemoryTable } from './call-task.ts';
import type { Simulated } from './simulate.ts';

export interface JudgedTables {
  readonly criteria: MemoryTable;
  readonly verdict: MemoryTable;
  readonly acceptedPeriods: MemoryTable;
}

export interface JudgedRecording {
  readonly peaks: MemoryTable;
  readonly noise: MemoryTable;
  /** By the pipette alone. */
  readonly alone: JudgedTables;
  /** With the array beside, and the cell's matched-filter SNR on it; null without an array. */
  readonly withArray: (JudgedTables & { readonly snr: number | null }) | null;
}

/** The array's frames, row by row, with their number of columns. */
export interface ArrayFrames {
  readonly frames: Uint16Array;
  readonly electrodes: number;
}

export async function judgeSimulated(simulated: Simulated, array?: ArrayFrames): Promise<JudgedRecording> {
  const folder = mkdtempSync(join(tmpdir(), 'groundproof-synthetic-'));
  try {
    return await judgeIn(folder, simulated, array);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judgeIn(
  folder: string,
  { trace, samplingRate, sign }: Simulated,
  array?: ArrayFrames,
): Promise<JudgedRecording> {
  const juxta = join(folder, 'juxta.raw');
  writeFileSync(juxta, bytesOf(trace));
  const info = infoOf(trace.length, samplingRate, array?.electrodes ?? 1);
  const found = await callTask(detect, { inputs: { juxta, info }, params: { peak_sign: sign } });
  const seen = array && (await seenBy(array, { mea: join(folder, 'mea.raw'), juxta, info }, found));
  const snr = (seen?.witness?.snr?.[0] ?? null) as number | null;
  return {
    peaks: found.peaks as MemoryTable,
    noise: found.noise as MemoryTable,
    alone: await judgedBy(found),
    withArray: seen === undefined ? null : { ...(await judgedBy(found, seen)), snr },
  };
}

async function judgedBy(
  { peaks, noise, below_threshold, noise_windows }: Record<string, MemoryTable>,
  seen: Record<string, MemoryTable | undefined> = {},
): Promise<JudgedTables> {
  const inputs = { peaks, noise, below_threshold, noise_windows, ...seen };
  const judged = await callTask(verdict, { inputs, params: { recording: 'synthetic' } });
  return {
    criteria: judged.criteria as MemoryTable,
    verdict: judged.verdict as MemoryTable,
    acceptedPeriods: judged.accepted_periods as MemoryTable,
  };
}

interface RecordingFiles {
  readonly mea: string;
  readonly juxta: string;
  readonly info: MemoryTable;
}

async function seenBy(
  { frames }: ArrayFrames,
  { mea, juxta, info }: RecordingFiles,
  found: Record<string, MemoryTable>,
): Promise<Record<string, MemoryTable | undefined>> {
  const { peaks, noise: trace, below_threshold } = found;
  writeFileSync(mea, bytesOf(frames));
  const { channel_noise } = await callTask(noise, { inputs: { mea, info } });
  const { waveforms: cell, lag } = await callTask(waveforms, { inputs: { mea, info, peaks } });
  const { gt_info } = await callTask(snr, { inputs: { peaks, waveforms: cell, channel_noise } });
  const recorded = { mea, juxta, info, peaks, noise: trace, below_threshold, waveforms: cell, channel_noise };
  const answers = await callTask(witness, { inputs: recorded });
  const { spike_scores, tail_scores, missed_candidates } = answers;
  return { gt_info, lag, witness: answers.witness, spike_scores, tail_scores, missed_candidates };
}

const infoOf = (samples: number, samplingRate: number, channels: number): MemoryTable => ({
  stem: ['synthetic'],
  padding: [0n],
  samples: [BigInt(samples)],
  sampling_rate: [samplingRate],
  channels: [channels],
  dropped_channels: [''],
  mea_dtype: ['<u2'],
  juxta_dtype: ['<f4'],
  gain: [0.1042],
  offset: [32_767],
  modelled: ['all of it'],
});

function bytesOf(samples: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
