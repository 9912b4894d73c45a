/**
 * Reads the array's recording: little-endian uint16, `channels` columns interleaved frame by frame, after a header
 * of `padding` bytes. An odd header length leaves samples unaligned in the file; reading them at their byte position
 * into an aligned buffer aligns them.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';
import type { Info } from '../../../schemas/tasks/unzip.ts';
import { readFully } from './read-fully.ts';

const SAMPLE_BYTES = Uint16Array.BYTES_PER_ELEMENT;

/** Layout of the samples in the file. */
export interface MeaLayout {
  /** Bytes before the first sample. */
  readonly padding: number;
  /** Interleaved columns: samples per frame. */
  readonly channels: number;
  /** Number of frames. */
  readonly samples: number;
  /** The file column of each electrode: all columns but the dropped ones, in order. */
  readonly fileChannels: Int32Array;
}

/** An open MEA file. */
export interface Mea extends MeaLayout {
  readonly fd: number;
  readonly name: string;
}

/** The layout that a recording's info describes. */
export function meaLayout(info: Pick<Info, 'padding' | 'channels' | 'samples' | 'dropped_channels'>): MeaLayout {
  const { channels } = info;
  const dropped = new Set(
    info.dropped_channels
      .split(',')
      .filter((channel) => channel !== '')
      .map(Number),
  );
  const fileChannels = Int32Array.from({ length: channels }, (_, channel) => channel).filter((c) => !dropped.has(c));
  return { padding: Number(info.padding), channels, samples: Number(info.samples), fileChannels };
}

/**
 * Opens the file, calls `use` with it, and closes it.
 *
 * @throws DataError if the file's size contradicts `info`.
 */
export async function withMea<T>(path: string, info: Info, use: (mea: Mea) => T | Promise<T>): Promise<T> {
  const layout = meaLayout(info);
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const expected = layout.padding + layout.samples * layout.channels * SAMPLE_BYTES;
    if (size !== expected) {
      throw new DataError(
        `the MEA file ${basename(path)} has ${size} bytes, expected ${expected} (${layout.padding} of header, ` +
          `${layout.samples} samples of ${layout.channels} channels): it does not belong to this info; run unzip again`,
      );
    }
    return await use({ ...layout, fd, name: basename(path) });
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads `count` frames from frame `start` on to the front of `into`, interleaved as in the file.
 *
 * @throws DataError if the file ends before.
 */
export function readFrames(mea: Mea, start: number, count: number, into: Uint16Array): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, count * mea.channels * SAMPLE_BYTES);
  const read = readFully(mea.fd, bytes, mea.padding + start * mea.channels * SAMPLE_BYTES);
  if (read === bytes.length) return;
  throw new DataError(
    `the MEA file ${mea.name} ended inside frames ${start} to ${start + count - 1}: it was cut while it was read; run again`,
  );
}

/** Reads all frames in order, each time as many as fit, to the front of `block`, which the next step overwrites. */
export function* frameBlocks(
  mea: Mea,
  block: Uint16Array,
): Generator<{ readonly frameCount: number; readonly end: number }> {
  const capacity = Math.floor(block.length / mea.channels);
  for (let start = 0; start < mea.samples; start += capacity) {
    const frameCount = Math.min(capacity, mea.samples - start);
    readFrames(mea, start, frameCount, block);
    yield { frameCount, end: start + frameCount };
  }
}
