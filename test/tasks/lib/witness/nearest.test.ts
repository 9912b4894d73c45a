import { expect, test } from 'vitest';
import { nearestDistances, spikesAround } from '../../../../tasks/lib/witness/nearest.ts';

test('spikesAround measures the distances to the spikes on either side, and skips a spike at the very moment', () => {
  const { since, until } = spikesAround([5, 10, 30], [10, 20]);
  expect([...since]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 10]);
  expect([...until]).toEqual([5, 10, Number.POSITIVE_INFINITY]);
});

test('nearestDistances measures the distance to the nearest spike on either side', () => {
  expect([...nearestDistances([0, 14, 16, 40], [10, 20])]).toEqual([10, 4, 4, 20]);
  expect([...nearestDistances([1], [])]).toEqual([Number.POSITIVE_INFINITY]);
});
