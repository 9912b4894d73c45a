/** Makes up a recording of the published size: noise of a different width on every channel, and a trace with spikes. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Info } from '../../schemas/tasks/unzip.ts';
import { randomSource } from '../../tasks/lib/statistics/random.ts';

/** The header's length is odd, as in the published files. */
export const recordingInfo: Info = {
  stem: 'bench',
  padding: 1871n,
  samples: 6_000_000n,
  sampling_rate: 20000,
  channels: 256,
  dropped_channels: '126,127,254,255',
  mea_dtype: '<u2',
  juxta_dtype: '<f4',
  gain: 0.1042,
  offset: 32767,
  modelled: null,
};

/** Nearly Gaussian, of variance 1: a sum of four uniform numbers, each of -1 to 1 times the root of 3/4. */
function gaussianSource(seed: number): () => number {
  const random = randomSource(seed);
  const bytes = (word: number) => (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24) - 510;
  return () => bytes(random()) / 147.8;
}

/** Noise of 1.5 and a spike of -40 every 1,300 samples. */
export function spikingTrace(length: number): Float32Array {
  const gaussian = gaussianSource(1);
  return Float32Array.from({ length }, (_, i) => 1.5 * gaussian() - (i % 1300 < 3 ? 20 * ((i % 1300) % 2) + 20 : 0));
}

/** Interleaved frames of all channels: MAD of 30 to 110 counts about the middle of the range, as published. */
export function someFrames(count: number): Uint16Array {
  const { channels } = recordingInfo;
  const gaussian = gaussianSource(2);
  return Uint16Array.from({ length: count * channels }, (_, i) =>
    Math.round(32767 + gaussian() * (30 + ((i % channels) * 80) / channels)),
  );
}

/** Writes the recording's 3 GB: repeats 64 MB, which fit in no processor cache. */
export function writeRecording(path: string): void {
  const { padding, samples, channels } = recordingInfo;
  const frames = someFrames(1 << 17);
  const fd = openSync(path, 'w');
  try {
    writeSync(fd, Buffer.alloc(Number(padding), 0x20));
    for (let left = Number(samples) * channels; left > 0; left -= frames.length)
      writeSync(fd, frames.subarray(0, left));
  } finally {
    closeSync(fd);
  }
}
