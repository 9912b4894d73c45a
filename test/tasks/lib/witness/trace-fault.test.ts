import { expect, test } from 'vitest';
import { traceFault } from '../../../../tasks/lib/witness/trace-fault.ts';
import { noiseTraces } from './small-array.ts';

const traces = () => noiseTraces({ seconds: 5, rate: 10, heights: [9, 6], seed: 1 });

test('traceFault accepts noise on two electrodes', () => {
  expect(traceFault(traces())).toBeNull();
});

test.each([
  ['all zero', 0, 1],
  ['saturated for the second half', 0.5, 1],
  ['off for a twentieth of the time', 0.2, 0.25],
])('traceFault says that a best electrode that is %s does not record', (_, from, to) => {
  const [best, other] = traces() as [Float32Array, Float32Array];
  best.fill(5, from * best.length, to * best.length);
  expect(traceFault([best, other])).toBe('not recording');
});

test('traceFault accepts short clips', () => {
  const [best, other] = traces() as [Float32Array, Float32Array];
  for (let at = 0; at + 50 < best.length; at += 1000) best.fill(5, at, at + 50);
  expect(traceFault([best, other])).toBeNull();
});

test('traceFault finds electrodes that record the same, at any gain', () => {
  const [best] = traces() as [Float32Array];
  expect(traceFault([best, best.map((sample) => 0.5 * sample), best.map((sample) => -sample)])).toBe(
    'equal electrodes',
  );
  const [, other] = traces() as [Float32Array, Float32Array];
  expect(traceFault([best, best.slice(), other])).toBeNull();
});

test('traceFault does not take an array that is off for a moment for equal electrodes', () => {
  const off = traces().map((trace) => trace.fill(-900, 0.5 * trace.length, 0.505 * trace.length));
  expect(traceFault(off)).toBeNull();
});
