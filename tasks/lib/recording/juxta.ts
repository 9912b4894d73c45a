/** Reads the juxtacellular trace: a single channel of little-endian float32 without a header. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';
import type { Info } from '../../../schemas/tasks/unzip.ts';
import { type TraceExtremes, traceExtremes } from '../detection/trace-extremes.ts';
import { readFully } from './read-fully.ts';

const SAMPLE_BYTES = Float32Array.BYTES_PER_ELEMENT;

export interface JuxtaTrace {
  /** In the file's own unit, which is unknown. */
  readonly trace: Float32Array;
  readonly extremes: TraceExtremes;
}

/**
 * Returns the whole trace (24 MB for five minutes at 20 kHz), and the extremes of each bin of `bin` samples.
 *
 * @throws DataError if the file's size does not fit `info.samples`, or if a sample is NaN or infinite.
 */
export function readJuxta(path: string, info: Pick<Info, 'samples'>, bin: number): JuxtaTrace {
  const expected = Number(info.samples);
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size !== expected * SAMPLE_BYTES) {
      throw new DataError(
        `the juxta trace ${basename(path)} has ${size} bytes, expected ${expected * SAMPLE_BYTES} ` +
          `(${expected} float32 samples): it does not belong to this recording's info; run unzip again`,
      );
    }
    const trace = new Float32Array(expected);
    const read = readFully(fd, new Uint8Array(trace.buffer), 0);
    if (read !== size) {
      throw new DataError(
        `the juxta trace ${basename(path)} ended after ${read} of ${size} bytes: it was cut while it was read; run again`,
      );
    }
    const extremes = traceExtremes(trace, bin);
    if (!areFinite(extremes.low) || !areFinite(extremes.high)) throw notFinite(trace, basename(path));
    return { trace, extremes };
  } finally {
    closeSync(fd);
  }
}

function areFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function notFinite(trace: Float32Array, name: string): DataError {
  const count = trace.reduce((sum, sample) => sum + (Number.isFinite(sample) ? 0 : 1), 0);
  const first = trace.findIndex((sample) => !Number.isFinite(sample));
  return new DataError(
    `${count} of ${trace.length} samples of the juxta trace ${name} are not finite numbers, ` +
      `the first is ${trace[first]} at sample ${first}: medians and peaks mean nothing there; repair or leave out the recording`,
  );
}
