import { expect, test } from 'vitest';
import { amplitudeSteps, sharpSteps } from '../../../../tasks/lib/spikes/amplitude-step.ts';

const heights = (mean: (row: number) => number) =>
  Float64Array.from({ length: 100 }, (_, i) => mean(i) + (i % 2 === 0 ? 1 : -1));
const sharpest = (values: Float64Array) => amplitudeSteps(values).reduce((a, b) => (b.sds > a.sds ? b : a));

test.each([1, -1])('amplitudeSteps is sharpest at a step, with its size (sign %i)', (sign) => {
  const step = sharpest(heights((row) => (row < 50 ? 20 : 20 + sign * 8)));
  expect(step.row).toBe(50);
  expect(step.size).toBeCloseTo(sign * 8, 12);
  // Heights alternate by 1 about their mean: their sd is sqrt(10 / 9).
  expect(step.sds).toBeCloseTo(8 / Math.sqrt(10 / 9), 12);
});

test('amplitudeSteps finds no step in a drift of the same size', () => {
  expect(sharpest(heights((row) => 20 + row * 0.08)).sds).toBeLessThan(1);
  expect(sharpest(heights(() => 20)).sds).toBe(0);
  expect(sharpest(new Float64Array(100).fill(5)).sds).toBe(0);
});

test('amplitudeSteps needs ten spikes on either side', () => {
  expect(amplitudeSteps(heights(() => 20).subarray(0, 19))).toEqual([]);
  expect(amplitudeSteps(heights(() => 20).subarray(0, 20)).map(({ row }) => row)).toEqual([10]);
});

test('sharpSteps picks each step once', () => {
  const up = heights((row) => (row >= 30 && row < 70 ? 40 : 20));
  expect(sharpSteps(amplitudeSteps(up), 5).map(({ row }) => row)).toEqual([30, 70]);
  expect(sharpSteps(amplitudeSteps(up), 50)).toEqual([]);
});
