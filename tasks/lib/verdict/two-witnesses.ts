/**
 * How the two witnesses combine: the pipette's own trace (heights and silences), and the array.
 *
 * | the pipette's trace       | array: complete | missing | in doubt   | cannot tell        |
 * |---------------------------|-----------------|---------|------------|--------------------|
 * | nothing against it        | accept          | reject  | borderline | as the trace says  |
 * | heights in doubt          | borderline      | reject  | borderline | borderline         |
 * | heights speak of missing  | borderline      | reject  | reject     | reject             |
 * | silences                  | accept          | reject  | borderline | as the trace says  |
 *
 * Heights are judged by a model of them, which skew and bursts break. An array that saw every spike of the cell together
 * with the pipette contradicts them, but lifts them only to a doubt. A silence in which the array does not show the cell is
 * the cell's own. Where the array could have confirmed an accept and did not, `array_missed` itself is a doubt.
 *
 * Nothing that the array finds enters the ground truth: sorters read the same array, and their scores would be circular.
 */
import type { ArrayCall } from './array-call.ts';
import type { Criterion } from './criterion.ts';

const HEIGHTS = new Set([
  'edge_fraction',
  'missed_fraction',
  'missed_fraction_in_windows',
  'tail_below_threshold',
  'worst_window',
]);

const SILENCES = new Set(['longest_silence', 'presence']);

export const heardWithArray = (criteria: readonly Criterion[], call: ArrayCall): Criterion[] =>
  criteria.map((criterion) => (call === 'complete' ? beside(criterion) : criterion));

/** A criterion beside an array that calls the recording complete. */
function beside(criterion: Criterion): Criterion {
  const { criterion: name, outcome, reason } = criterion;
  if (HEIGHTS.has(name) && outcome === 'failed') {
    return {
      ...criterion,
      outcome: 'doubtful',
      reason: `${reason}; yet the array saw all its spikes with the pipette`,
    };
  }
  if (SILENCES.has(name) && outcome !== 'passed') {
    return { ...criterion, outcome: 'passed', reason: `${reason}; the array shows that the cell was silent` };
  }
  return criterion;
}
