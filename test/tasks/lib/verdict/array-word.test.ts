import { expect, test } from 'vitest';
import type { ArrayTestimony } from '../../../../tasks/lib/verdict/array-evidence.ts';
import { wordOnSilences } from '../../../../tasks/lib/verdict/array-word.ts';

const SECOND = 20_000;
const LENGTH = 100 * SECOND;
const SILENCE = [{ start: 40 * SECOND, end: 60 * SECOND }];
const every = (samples: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / samples) }, (_, row) => from + row * samples);

/** Ten spikes a second outside the silence, and so many events inside it. */
const heard = (inside: number, more: Partial<ArrayTestimony['counts']> = {}): ArrayTestimony => ({
  silent: null,
  snr: 16,
  spikes: 800,
  unseen: 0,
  passing: 750,
  groups: null,
  counts: {
    matched: 800,
    unmatched: inside,
    refractory: 0,
    following: 0,
    preceding: 0,
    outside: LENGTH - 64_000,
    inside: 45_000,
    ...more,
  },
  whose: new Map(),
  matched: [...every(2000, 0, 40 * SECOND), ...every(2000, 60 * SECOND, LENGTH)],
  candidates: inside === 0 ? [] : every((20 * SECOND) / inside, 40 * SECOND, 60 * SECOND),
});
const word = (testimony: ArrayTestimony, call: 'complete' | 'missing' | 'cannot tell' = 'cannot tell') =>
  wordOnSilences(SILENCE, testimony, { length: LENGTH, call });

test('a cell that the array shows at its usual rate inside a silence was lost by the pipette', () => {
  expect(word(heard(200, { inside: 450_000 }))).toBe('lost');
});

test('events in a silence that are far more than elsewhere are the cell’s, however little the refractory zone excludes', () => {
  const few = heard(95, { refractory: 5 });
  expect(word(few)).toBe('lost');
  // As many come elsewhere: a neighbour's.
  expect(word({ ...few, candidates: every((20 * SECOND) / 95, 0, LENGTH) })).toBe('unknown');
});

test('a cell that the array does not show there was silent', () => {
  expect(word(heard(0))).toBe('silent');
});

test('as many events as other cells leave are no sign of the cell', () => {
  expect(word(heard(40, { refractory: 200, inside: 2_000_000 }))).toBe('silent');
});

test('with too little to go by nobody knows, unless the array confirms the whole recording', () => {
  const crowded = heard(60, { refractory: 2 });
  expect(word(crowded)).toBe('unknown');
  expect(word(crowded, 'complete')).toBe('silent');
});
