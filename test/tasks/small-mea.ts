/** Makes a small MEA file and its info for tests: pseudo-random samples plus a signal, after a header of three bytes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomSource } from '../../tasks/lib/statistics/random.ts';
import { temporaryFolder } from './run-task.ts';

export function smallMea({
  samples,
  channels,
  dropped,
  signal = () => 0,
}: {
  samples: number;
  channels: number;
  dropped: number[];
  signal?: (sample: number, fileChannel: number) => number;
}) {
  const random = randomSource(7);
  const values = Uint16Array.from({ length: samples * channels }, (_, i) => {
    const noise = (random() % 40) - (random() % 30);
    return 32767 + noise + signal(Math.floor(i / channels), i % channels);
  });
  const path = join(temporaryFolder(), 'mea.raw');
  writeFileSync(path, Buffer.concat([Buffer.from('EOH'), new Uint8Array(values.buffer)]));
  const info = {
    stem: ['patch_3'],
    padding: [3],
    samples: [samples],
    sampling_rate: [20000],
    channels: [channels],
    dropped_channels: [dropped.join()],
    mea_dtype: ['<u2'],
    juxta_dtype: ['<f4'],
    gain: [0.1042],
    offset: [32767],
    modelled: [null],
  };
  const at = (sample: number, fileChannel: number): number => values[sample * channels + fileChannel] ?? Number.NaN;
  return { path, info, at };
}

/** Computes median and MAD times 1.4826 by sorting. */
export function medianMad(values: readonly number[]): { median: number; mad: number } {
  const center = median(values);
  return { median: center, mad: median(values.map((value) => Math.abs(value - center))) * 1.4826 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
