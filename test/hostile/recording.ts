/**
 * The good recording, from which hostile recordings are made: two seconds, two electrodes, and a cell that fires 90
 * times a second.
 */
import { int64Bytes } from '../../tasks/lib/recording/int64-bytes.ts';
import { encodeNpy } from '../../tasks/lib/recording/npy.ts';
import { gzipWriter } from '../../tasks/lib/replica/gzip.ts';
import { type RawMember, rawTar } from './raw-tar.ts';

export const channels = 2;
const length = 40_000;
const period = 220;
const padding = 1871;

/** Sample of each spike. */
export const spikes: readonly number[] = Array.from({ length: 180 }, (_, i) => 150 + i * period);

/** A fixed series of whole numbers from -`reach` to `reach`. */
function noise(reach: number): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) % (2 * reach + 1)) - reach;
  };
}

/** The pipette's trace; the spikes stand well clear of a threshold of 8 MAD. */
export function trace(at: readonly number[] = spikes): Float32Array {
  const next = noise(30);
  const height = noise(12);
  const values = Float32Array.from({ length }, () => next() / 10);
  for (const spike of at) {
    const peak = -80 + height();
    [0.3, 0.7, 1, 0.6, 0.2].forEach((share, i) => {
      const sample = spike - 2 + i;
      if (sample >= 0 && sample < length) values[sample] = peak * share;
    });
  }
  return values;
}

/** The array's samples: noise, and on the first electrode each spike. */
export function frames(): Uint16Array {
  const next = noise(40);
  const values = Uint16Array.from({ length: length * channels }, () => 32_767 + next());
  for (const spike of spikes) values[spike * channels] = 32_300;
  return values;
}

export const npyOf = (samples: readonly number[]): Uint8Array =>
  encodeNpy("'<i8'", samples.length, int64Bytes(BigInt64Array.from(samples, BigInt)));

/** The files of a recording: those of the good recording by default; null leaves a file out. */
export interface Parts {
  readonly text?: string | Uint8Array | null;
  readonly mea?: Uint8Array | null;
  readonly juxta?: Float32Array | Uint8Array | null;
  readonly triggers?: Uint8Array | null;
}

const array = frames();
export const goodMea: Buffer = Buffer.concat([Buffer.alloc(padding, 'h'), new Uint8Array(array.buffer)]);
export const goodJuxta: Uint8Array = new Uint8Array(trace().buffer);
const goodText = `threshold = 8\nname = 2017/patch_1\nchannel = 0\npadding = ${padding}\n`;

export function members({ text, mea, juxta, triggers }: Parts = {}): RawMember[] {
  const given = juxta === undefined ? goodJuxta : juxta;
  const parts: [string, string | Uint8Array | null][] = [
    ['raw', mea === undefined ? goodMea : mea],
    ['juxta.raw', given instanceof Float32Array ? new Uint8Array(given.buffer) : given],
    ['txt', text === undefined ? goodText : text],
    ['triggers.npy', triggers === undefined ? npyOf(spikes) : triggers],
  ];
  return parts.flatMap(([ending, content]) => (content === null ? [] : [{ name: `patch_1.${ending}`, content }]));
}

/** Stores without compression, so that sizes in messages are the same with every zlib. */
export function gzipped(tar: Uint8Array): Buffer {
  const chunks: Buffer[] = [];
  const writer = gzipWriter(0, (chunk) => chunks.push(Buffer.from(chunk)));
  writer.write(tar);
  writer.end();
  return Buffer.concat(chunks);
}

export const archiveOf = (list: readonly RawMember[]): Buffer => gzipped(rawTar(list));

export const recordingOf = (parts: Parts = {}): Buffer => archiveOf(members(parts));
