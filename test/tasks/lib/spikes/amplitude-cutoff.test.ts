import { expect, test } from 'vitest';
import { amplitudeCutoff } from '../../../../tasks/lib/spikes/amplitude-cutoff.ts';

/** The values above `cut` of a bell of 3,000 values, made of permuted whole numbers, so that Python can reproduce them. */
function cutBell(cut: number): Float64Array {
  const place = (i: number, step: number) => ((i * step) % 3000) / 3000;
  return Float64Array.from(
    { length: 3000 },
    (_, i) => place(i, 613) + place(i, 1259) + place(i, 1931) + place(i, 2477) - cut,
  ).filter((y) => y > 0);
}

test('amplitudeCutoff equals that of SpikeInterface 0.104 with NumPy and SciPy', () => {
  expect(amplitudeCutoff(cutBell(0.3))).toBe(0);
  expect(amplitudeCutoff(cutBell(1))).toBe(0.054329930852815275);
  expect(amplitudeCutoff(cutBell(1.5))).toBe(0.24043024359379944);
  expect(amplitudeCutoff(cutBell(2))).toBe(0.40144520272982737);
});

test('amplitudeCutoff is null for fewer than 500 spikes', () => {
  expect(amplitudeCutoff(cutBell(2).subarray(0, 500))).not.toBeNull();
  expect(amplitudeCutoff(cutBell(2).subarray(0, 499))).toBeNull();
});

test('amplitudeCutoff is at most 0.5, and defined for equal amplitudes', () => {
  const falling = cutBell(0).map((y) => Math.abs(y - 2));
  expect(amplitudeCutoff(falling)).toBeLessThanOrEqual(0.5);
  expect(amplitudeCutoff(new Float64Array(600).fill(3))).toBeTypeOf('number');
});
