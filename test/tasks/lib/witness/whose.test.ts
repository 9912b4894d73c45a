import { expect, test } from 'vitest';
import type { Counts } from '../../../../tasks/lib/witness/capture-recapture.ts';
import type { Candidate } from '../../../../tasks/lib/witness/sort-events.ts';
import { candidateOwners, type Whose, whoseIs } from '../../../../tasks/lib/witness/whose.ts';

/** Many events alone and hardly any in the refractory zone: most are the cell's. */
const clear: Counts = {
  matched: 2000,
  unmatched: 400,
  refractory: 2,
  following: 0,
  preceding: 0,
  outside: 2_000_000,
  inside: 200_000,
};
const event: Candidate = { at: 100, score: 1, inBurst: false, counted: true, own: true };

test.each<[string, Partial<Candidate>, Partial<Counts>, Whose]>([
  ['like the cell, most of whose kind are the cell’s', {}, {}, 'cell'],
  ['like the cell, of a kind that the refractory zone leaves to others', {}, { refractory: 30 }, 'unknown'],
  ['like the cell, of a kind of which too few are known', {}, { unmatched: 4, refractory: 0 }, 'unknown'],
  ['too far from the middle of the cell’s own to be counted', { counted: false }, {}, 'unknown'],
  ['of another shape', { own: false, counted: false }, {}, 'another'],
  ['of the cell’s shape and half as large', { score: 0.5 }, {}, 'unknown'],
  ['after a spike, like the later spikes of bursts', { inBurst: true }, { following: 50, preceding: 5 }, 'cell'],
  ['after a spike, as often as before a spike', { inBurst: true }, { following: 50, preceding: 45 }, 'unknown'],
])('candidateOwners judges an event %s', (_, candidate, counts, whose) => {
  expect(candidateOwners([{ ...event, ...candidate }], { ...clear, ...counts })).toEqual([whose]);
});

test('whoseIs gives a peak below the threshold to the cell by its score and its shape', () => {
  expect(whoseIs({ score: 0.6, own: true })).toBe('cell');
  expect(whoseIs({ score: 0.59, own: true })).toBe('unknown');
  expect(whoseIs({ score: 0.39, own: true })).toBe('another');
  expect(whoseIs({ score: 1, own: false })).toBe('another');
});
