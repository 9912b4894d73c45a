import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from 'groundproof/task';
import { expect, test } from 'vitest';
import { readJuxta } from '../../../../tasks/lib/recording/juxta.ts';
import { temporaryFolder } from '../../run-task.ts';

function written(samples: number[], drop = 0): string {
  const path = join(temporaryFolder(), 'juxta.raw');
  const bytes = Buffer.alloc(samples.length * 4);
  for (const [index, sample] of samples.entries()) bytes.writeFloatLE(sample, index * 4);
  writeFileSync(path, bytes.subarray(0, bytes.length - drop));
  return path;
}

test('readJuxta returns every sample and the extremes of each bin', () => {
  const { trace, extremes } = readJuxta(written([1.5, -0, -3e38]), { samples: 3n }, 2);
  expect(trace).toEqual(Float32Array.of(1.5, -0, -3e38));
  expect(extremes).toEqual({ size: 2, low: Float32Array.of(-0, -3e38), high: Float32Array.of(1.5, -3e38) });
});

test.each<[string, string, bigint, RegExp]>([
  ['too few samples', written([1, 2, 3]), 4n, /juxta\.raw has 12 bytes, expected 16 \(4 float32 samples\)/],
  ['too many samples', written([1, 2, 3]), 2n, /has 12 bytes, expected 8/],
  ['a part of a sample', written([1, 2, 3], 1), 3n, /has 11 bytes, expected 12/],
  ['NaN', written([1, Number.NaN, 3, Number.NaN]), 4n, /2 of 4 samples .* the first is NaN at sample 1/],
  ['NaN in a part of a bin', written([1, 2, 3, 4, 5, Number.NaN]), 6n, /1 of 6 samples .* NaN at sample 5/],
  ['infinity', written([1, 2, -Infinity]), 3n, /1 of 3 samples .* the first is -Infinity at sample 2/],
])('readJuxta refuses %s', (_, path, samples, message) => {
  const read = () => readJuxta(path, { samples }, 4);
  expect(read).toThrow(DataError);
  expect(read).toThrow(message);
});
