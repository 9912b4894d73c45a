/** The juxtacellular trace: float32 little-endian, one channel, no header. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundwork/task';
import type { Info } from '../../../schemas/tasks/unzip.ts';
import { readFully } from './read-fully.ts';

const sampleBytes = Float32Array.BYTES_PER_ELEMENT;

/**
 * The whole trace, in its own units (24 MB for five minutes at 20 kHz).
 *
 * @throws DataError when its size does not fit `info.samples`, or when a sample is NaN or infinite.
 */
export function readJuxta(path: string, info: Pick<Info, 'samples'>): Float32Array {
  const expected = Number(info.samples);
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size !== expected * sampleBytes) {
      throw new DataError(
        `the juxta trace ${basename(path)} has ${size} bytes, expected ${expected * sampleBytes} ` +
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
    requireFinite(trace, basename(path));
    return trace;
  } finally {
    closeSync(fd);
  }
}

function requireFinite(trace: Float32Array, name: string): void {
  let count = 0;
  let first = -1;
  for (let i = 0; i < trace.length; i++) {
    if (Number.isFinite(trace[i])) continue;
    if (count === 0) first = i;
    count++;
  }
  if (count === 0) return;
  throw new DataError(
    `${count} of ${trace.length} samples of the juxta trace ${name} are not finite numbers, ` +
      `the first is ${trace[first]} at sample ${first}: medians and peaks mean nothing there; repair or leave out the recording`,
  );
}
