import { expect, test } from 'vitest';
import { amplitudeDrift } from '../../../../tasks/lib/spikes/amplitude-drift.ts';
import { shortIntervals } from '../../../../tasks/lib/spikes/short-intervals.ts';
import { silencesOf } from '../../../../tasks/lib/spikes/silences.ts';
import { drawOf } from '../../../../tasks/lib/synthetic/draw.ts';
import { spikeTrain } from '../../../../tasks/lib/synthetic/spike-train.ts';

const rule = { length: 2_400_000, samplingRate: 20_000, times: 3, least: 2 };
const fired = (seed: number, bursting = 0.2) => spikeTrain({ rate: 8, bursting }, rule.length, drawOf(seed)).at;
const without = (spikes: readonly number[], from: number, to: number) =>
  spikes.filter((at) => at < from * 20_000 || at >= to * 20_000);

test('silencesOf explains three times the longest silence of a steady rate, at least 2 s', () => {
  // 1,001 spikes in 100 s leave 1,002 silences: 3 ln(1002) / 10 s = 2.07 s.
  const regular = Array.from({ length: 1001 }, (_, i) => 1000 + i * 1998);
  const { explained, unexplained } = silencesOf(regular, { ...rule, length: 2_000_000 });
  expect(explained / 20_000).toBeCloseTo(2.07, 1);
  expect(unexplained).toEqual([]);
  expect(silencesOf([], rule).explained).toBe(40_000);
  expect(silencesOf([], rule).unexplained).toEqual([{ start: 0, end: rule.length }]);
});

test('silencesOf does not explain a long loss of the cell by the resulting low rate', () => {
  const slow = spikeTrain({ rate: 1.5, bursting: 0 }, rule.length, drawOf(3)).at;
  const whole = silencesOf(slow, rule);
  const lost = silencesOf(without(slow, 20, 100), rule);
  expect(lost.explained).toBeLessThan(1.5 * whole.explained);
  expect(lost.unexplained).toHaveLength(1);
});

test('silencesOf explains all silences of complete random trains, bursting or not', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { unexplained, excess } = silencesOf(fired(seed, 0.4 * (seed % 2)), rule);
    expect(unexplained).toEqual([]);
    expect(excess?.low).toBeLessThan(0.02);
  }
});

test('silencesOf finds every silence that chance does not explain', () => {
  const lost = [10, 30, 50, 70].reduce(
    (spikes, from) => without(spikes, from, from + 5),
    fired(5) as readonly number[],
  );
  const { unexplained } = silencesOf(lost, rule);
  expect(unexplained).toHaveLength(4);
  for (const { start, end } of unexplained) expect((end - start) / 20_000).toBeGreaterThan(4.9);
});

test('silencesOf finds excess silence in a cell that is lost repeatedly for moments', () => {
  let lost: readonly number[] = fired(6);
  for (let from = 2; from < 118; from += 4) lost = without(lost, from, from + 0.8);
  const { unexplained, excess } = silencesOf(lost, rule);
  expect(unexplained).toEqual([]);
  // A fifth of the time is lost.
  expect(excess?.low).toBeGreaterThan(0.08);
  expect(excess?.high).toBeLessThan(0.3);
});

test('silencesOf has no excess with few spikes', () => {
  expect(silencesOf([1000, 500_000, 1_000_000], rule).excess).toBeNull();
});

test('shortIntervals counts intervals below the limit, not at the limit', () => {
  expect(shortIntervals([0, 19, 39, 59, 60], 20)).toBe(2);
  expect(shortIntervals([], 20)).toBe(0);
  expect(shortIntervals([5], 20)).toBe(0);
});

test('amplitudeDrift is the lowest and the highest mean of the windows that hold spikes', () => {
  const heights = Float64Array.of(10, 12, 30, 30, 30);
  const window = (first: number, last: number) => ({ start: 0, end: 0, first, last });
  expect(amplitudeDrift(heights, [window(0, 2), window(2, 2), window(2, 5)])).toEqual({ lowest: 11, highest: 30 });
  expect(amplitudeDrift(heights, [window(2, 2)])).toBeNull();
});

test('silencesOf finds a slow cell that is lost a third of the time, by the shorter half of its silences', () => {
  const slow = spikeTrain({ rate: 5, bursting: 0.1 }, rule.length, drawOf(7)).at;
  let lost: readonly number[] = slow;
  for (let from = 1; from < 119; from += 2) lost = without(lost, from, from + 0.7);
  expect(silencesOf(slow, rule).excess?.low).toBeLessThan(0.02);
  expect(silencesOf(lost, rule).excess?.low).toBeGreaterThan(0.03);
});
