import { expect, test } from 'vitest';
import { beyondThreshold } from '../../../../tasks/lib/detection/beyond-threshold.ts';
import { peakSignOf } from '../../../../tasks/lib/detection/peak-sign.ts';
import { edgeFraction } from '../../../../tasks/lib/spikes/edge-fraction.ts';

test('edgeFraction is the share within the width, its end included', () => {
  expect(edgeFraction(Float64Array.of(0.1, 1, 1.5, 20), 1)?.value).toBe(0.5);
  expect(edgeFraction(Float64Array.of(2, 3), 1)?.value).toBe(0);
});

test('edgeFraction is null without spikes or width', () => {
  expect(edgeFraction(new Float64Array(0), 1)).toBeNull();
  expect(edgeFraction(Float64Array.of(1), 0)).toBeNull();
  expect(edgeFraction(Float64Array.of(1), Number.NaN)).toBeNull();
});

test('beyondThreshold is the distance beyond the detection level for either sign', () => {
  expect(beyondThreshold(Float32Array.of(-12, -10.5), 10, '-')).toEqual(Float64Array.of(2, 0.5));
  expect(beyondThreshold(Float32Array.of(12, 10.5), 10, '+')).toEqual(Float64Array.of(2, 0.5));
});

test('peakSignOf is the side of the baseline with most peaks', () => {
  expect(peakSignOf(Float32Array.of(-12, -11), 0.1)).toBe('-');
  expect(peakSignOf(Float32Array.of(12, 11), -0.1)).toBe('+');
  expect(peakSignOf(Float32Array.of(-12, -5, -20), -30)).toBe('+');
  expect(peakSignOf(new Float32Array(0), 0)).toBe('-');
});
