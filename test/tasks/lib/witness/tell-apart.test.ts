import { expect, test } from 'vitest';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { tellApart } from '../../../../tasks/lib/witness/tell-apart.ts';

const SIZE = 60;

/** Residuals of noise around a place that lies `away` along the first dimensions. */
function residuals(count: number, seed: number, away = 0): Float64Array[] {
  const random = randomSource(seed);
  const normal = () => {
    let sum = 0;
    for (let k = 0; k < 12; k++) sum += random() / 0x1_0000_0000;
    return sum - 6;
  };
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: SIZE }, (_, k) => normal() + (k < 4 ? away / 2 : 0)),
  );
}
const kept = (events: readonly Float64Array[], judge: (residual: Float64Array | undefined, row: number) => boolean) =>
  events.filter((residual, row) => judge(residual, row)).length / events.length;

test('tellApart recognises events of a neighbour by the place at which they lie together', () => {
  const [cells, neighbours] = [residuals(30, 2), residuals(200, 3, 5)];
  const { isOwn, isSurelyOwn } = tellApart(residuals(500, 1), [...cells, ...neighbours]);
  expect(kept(cells, isOwn)).toBeGreaterThan(0.85);
  expect(kept(neighbours, isOwn)).toBeLessThan(0.1);
  expect(kept(neighbours, isSurelyOwn)).toBeLessThan(0.02);
});

test('tellApart keeps the same share of events as of spikes if all events are the cell’s', () => {
  const [own, events] = [residuals(500, 4), residuals(100, 5)];
  const { isOwn, isSurelyOwn } = tellApart(own, events);
  expect(kept(events, isOwn)).toBeGreaterThan(0.88);
  expect(Math.abs(kept(events, isSurelyOwn) - kept(own, isSurelyOwn))).toBeLessThan(0.12);
});

test('tellApart keeps nearly all of few spikes, and keeps all with too few spikes or events', () => {
  const own = residuals(150, 6);
  const { isSurelyOwn } = tellApart(own, residuals(100, 7));
  expect(kept(own, isSurelyOwn)).toBeGreaterThan(0.9);
  expect(kept(residuals(5, 8, 9), tellApart(own, residuals(5, 8, 9)).isOwn)).toBe(1);
  expect(tellApart(own, []).isOwn(undefined, 0)).toBe(false);
});
