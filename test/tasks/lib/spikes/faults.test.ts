import { expect, test } from 'vitest';
import { medianMad } from '../../../../tasks/lib/noise/median-mad.ts';
import { noiseInWindows } from '../../../../tasks/lib/noise/noise-in-windows.ts';
import { clippedShare } from '../../../../tasks/lib/spikes/clipped-share.ts';
import { contamination } from '../../../../tasks/lib/spikes/contamination.ts';
import { doubleDetections } from '../../../../tasks/lib/spikes/double-detections.ts';
import { drawOf } from '../../../../tasks/lib/synthetic/draw.ts';
import { spikeTrain } from '../../../../tasks/lib/synthetic/spike-train.ts';

const length = 6_000_000;
const rule = { length, samplingRate: 20_000, censored: 10 };
const fired = (rate: number, seed: number, bursting = 0) => spikeTrain({ rate, bursting }, length, drawOf(seed)).at;
const mixed = (a: readonly number[], b: readonly number[]) => [...a, ...b].sort((x, y) => x - y);

test('contamination is 0 for a cell that keeps its refractory period, bursting or not', () => {
  for (const bursting of [0, 0.4]) {
    expect(contamination(fired(25, 1, bursting), rule)).toMatchObject({ estimate: 0, low: 0 });
  }
});

test.each([0.1, 0.3])('the interval of contamination holds a share of %f of another cell', (share) => {
  const spikes = mixed(fired(40 * (1 - share), 2), fired(40 * share, 3));
  const { low, high } = contamination(spikes, rule) ?? { low: 1, high: 0 };
  expect(low).toBeGreaterThan(0);
  expect(low).toBeLessThan(1.1 * share);
  // A single other cell has a refractory period too, which the formula ignores, so the estimate is slightly low.
  expect(high).toBeGreaterThan(0.9 * share);
});

test('contamination excludes little with few spikes, and is null without spikes', () => {
  expect(contamination(fired(1, 4), rule)?.high).toBeGreaterThan(0.5);
  expect(contamination([5], rule)).toBeNull();
});

test('doubleDetections finds a second trough by its latency, and nothing in a bursting cell', () => {
  const cell = fired(10, 5, 0.3);
  const doubled = mixed(
    cell,
    cell.map((at, row) => at + 30 + (row % 3)),
  );
  const found = doubleDetections(doubled, 20_000);
  expect(found?.share.value).toBeCloseTo(0.5, 1);
  expect(found?.latency).toBeCloseTo(32, -1);
  expect(doubleDetections(cell, 20_000)?.share.value).toBeLessThan(0.02);
  expect(doubleDetections([1], 20_000)).toBeNull();
});

test('clippedShare counts heights equal to the last bit, but not a few equal by chance', () => {
  expect(clippedShare(Float64Array.from({ length: 100 }, (_, i) => Math.min(i, 80)))).toBe(0.2);
  expect(clippedShare(Float64Array.from({ length: 100 }, (_, i) => i >> 1))).toBe(0);
  expect(clippedShare(new Float64Array(0))).toBe(0);
});

test('noiseInWindows covers the trace with exact medians and MADs', () => {
  const draw = drawOf(6);
  const trace = Float32Array.from({ length: 1100 }, (_, i) => (i < 500 ? 1 : 3) * draw.normal());
  const windows = noiseInWindows(trace, 250);
  expect(windows.map(({ start, end }) => [start, end])).toEqual([
    [0, 250],
    [250, 500],
    [500, 750],
    [750, 1100],
  ]);
  expect(windows[3]).toMatchObject(medianMad(trace.slice(750)));
  expect((windows[2]?.mad ?? 0) / (windows[0]?.mad ?? 1)).toBeGreaterThan(2);
  expect(noiseInWindows(trace, 5000)).toHaveLength(1);
});
