import { expect, test } from 'vitest';
import { heightAt, meanAround } from '../../../../tasks/lib/witness/pipette-trace.ts';

const trace = Float32Array.from({ length: 200 }, (_, i) => (i === 101 ? -5 : 1));
const pipette = { trace, baseline: 1, mad: 2, sign: '-' as const, samplingRate: 20_000 };

test('heightAt returns the largest height of the trace near a moment, in MADs', () => {
  expect(heightAt(pipette, 100)).toBe(3);
  expect(heightAt(pipette, 50)).toBeCloseTo(0, 10);
  expect(heightAt({ ...pipette, mad: 0 }, 100)).toBeNaN();
});

test('meanAround leaves out moments at the ends, and is null without any moment', () => {
  const { samples, mean } = meanAround(pipette, [100, 102, 3]);
  expect(samples[0]).toBe(-40);
  expect(mean[41]).toBe(-2);
  expect(mean[39]).toBe(-2);
  expect(mean[0]).toBe(1);
  expect(meanAround(pipette, [3]).mean[0]).toBeNull();
});
