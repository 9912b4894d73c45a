/**
 * Compares the statistics of whole recordings with NumPy, with plain TypeScript, and with only reading the file:
 * 5 minutes of 256 channels at 20 kHz (3 GB, written to bench/results and deleted again).
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPeaks } from '../tasks/lib/detection/peaks.ts';
import { countChannels } from '../tasks/lib/noise/channel-histograms.ts';
import { columnHistograms } from '../tasks/lib/noise/column-histograms.ts';
import { HISTOGRAM_BINS } from '../tasks/lib/noise/histogram-median.ts';
import { medianFloat32 } from '../tasks/lib/noise/median-float32.ts';
import { deviations, medianMad } from '../tasks/lib/noise/median-mad.ts';
import { frameBlocks, withMea } from '../tasks/lib/recording/mea.ts';
import noise from '../tasks/noise.ts';
import { command } from './lib/command.ts';
import { compare } from './lib/compare.ts';
import { python } from './lib/python.ts';
import { recordingInfo, someFrames, spikingTrace, writeRecording } from './lib/recording.ts';
import { report } from './lib/report.ts';

const folder = join('bench', 'results');
const recordingPath = join(folder, 'recording.raw');
const tracePath = join(folder, 'trace.raw');

const detect = (trace: Float32Array) => {
  const { median, mad } = medianMad(trace);
  return findPeaks(trace, { sign: '-', level: -(median + 8 * mad), halfWidth: 10 });
};

const plainMedianMad = (trace: Float32Array) => {
  medianFloat32(deviations(trace, medianFloat32(trace)));
};

function countPlainly(frames: Uint16Array, channels: number): void {
  const blockLength = 512 * channels;
  const columns = Int32Array.from({ length: channels }, (_, column) => column);
  const counts = new Uint32Array(channels * HISTOGRAM_BINS);
  for (let start = 0; start < frames.length; start += blockLength) {
    countChannels(frames.subarray(start, start + blockLength), channels, columns, counts);
  }
}

function countInWasm(frames: Uint16Array, channels: number): void {
  const { block, count } = columnHistograms(channels, 0, channels);
  for (let start = 0; start < frames.length; start += block.length) {
    const part = frames.subarray(start, start + block.length);
    block.set(part);
    count(part.length / channels);
  }
}

/** Runs the task as the engine does, but drops its table. */
const noiseTask = () =>
  noise.run({
    inputs: { mea: recordingPath, info: { path: '', columns: async () => ({}), row: async () => recordingInfo } },
    params: {},
    outputs: { channel_noise: { write: async () => {} } },
    log: Object.assign(() => {}, { notice: () => {}, warn: () => {} }),
    progress: () => {},
    signal: new AbortController().signal,
  } as unknown as Parameters<typeof noise.run>[0]);

const readAlone = () =>
  withMea(recordingPath, recordingInfo, (mea) => {
    for (const _ of frameBlocks(mea, new Uint16Array(1 << 16)));
  });

mkdirSync(folder, { recursive: true });
try {
  const { channels } = recordingInfo;
  const trace = spikingTrace(Number(recordingInfo.samples));
  writeFileSync(tracePath, trace);
  writeRecording(recordingPath);
  const numpy = python(join('bench', 'numpy-kernels.py'), [
    tracePath,
    recordingPath,
    String(recordingInfo.padding),
    String(channels),
  ]);
  const frames = someFrames(1 << 18);
  const comparisons = [
    await compare('median and MAD of a juxta trace, 6 million float32', [
      numpy.measure('NumPy', 'median_mad'),
      { name: 'plain TypeScript', run: () => plainMedianMad(trace) },
      { name: 'groundproof', run: () => medianMad(trace) },
    ]),
    await compare('median, MAD and peaks of the trace', [
      numpy.measure('NumPy', 'detect'),
      { name: 'groundproof', run: () => detect(trace) },
    ]),
    await compare('histograms of 256 columns of 262 thousand frames', [
      { name: 'plain TypeScript', run: () => countPlainly(frames, channels) },
      { name: 'groundproof', run: () => countInWasm(frames, channels) },
    ]),
    await compare('median and MAD of 252 channels, 3 GB', [
      command('cat to /dev/null', 'cat', [recordingPath]),
      { name: 'reading alone', run: readAlone },
      { name: 'groundproof', run: noiseTask },
      numpy.measure('NumPy, one channel', 'noise_of_one_channel'),
    ]),
  ];
  numpy.end();
  report('kernels', comparisons);
} finally {
  rmSync(recordingPath, { force: true });
  rmSync(tracePath, { force: true });
}
