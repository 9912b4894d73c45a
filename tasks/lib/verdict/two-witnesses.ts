/**
 * Combines the two witnesses: the pipette's own trace (heights and silences), and the array.
 *
 * | the pipette's trace             | array: complete | missing      | in doubt   | cannot tell  | unasked    |
 * |---------------------------------|-----------------|--------------|------------|--------------|------------|
 * | nothing against it              | accept          | reject       | borderline | borderline * | accept     |
 * | peaks below, the cell's         | counted         | counted      | counted    | counted      | as heights say |
 * | peaks below, another's or noise | left out        | left out     | left out   | left out     | borderline |
 * | heights around the limit        | passes          | reject       | borderline | borderline   | borderline |
 * | heights over the limit          | borderline      | reject       | reject     | reject       | reject     |
 * | silences, the array: silent     | passes          | passes **    | passes     | passes       |            |
 * | silences, the array: lost       | reject          | reject       | reject     | reject       |            |
 * | silences, the array: unknown    | passes          | as they are  | as they are | as they are | as they are |
 *
 * * from a matched-filter SNR of 12 on, at which it could confirm; else accept. ** `array_missed` rejects.
 *
 * Peaks are judged in `tail-owner.ts` and `seen-below.ts`, silences in `array-word.ts` and `presence.ts`, the columns in
 * `array-call.ts`; the contradictions here.
 *
 * Heights are judged by a model of the spikes in the noise, which skew and bursts break. An array that saw every spike of the cell
 * together with the pipette contradicts them, but lifts them only to a doubt. An array that could have confirmed an accept, and did
 * not, is a doubt by itself (`array_missed`).
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

const ISSUES = new Set<Criterion['outcome']>(['doubtful', 'unknown', 'failed']);

/** The pipette's and the array's criteria, each adapted to the other's evidence; the array's come last. */
export function combined(
  pipette: readonly Criterion[],
  array: { readonly call: ArrayCall; readonly criteria: readonly Criterion[] },
): Criterion[] {
  const worried = pipette.some(({ criterion, outcome }) => HEIGHTS.has(criterion) && ISSUES.has(outcome));
  const heard = array.criteria.map((criterion) => besideHeights(criterion, array.call, worried));
  return [...(array.call === 'complete' ? pipette.map(besideComplete) : pipette), ...heard];
}

/** A criterion of heights beside an array that confirms the recording. */
function besideComplete(criterion: Criterion): Criterion {
  if (!HEIGHTS.has(criterion.criterion) || !ISSUES.has(criterion.outcome)) return criterion;
  const outcome = criterion.outcome === 'failed' ? 'doubtful' : criterion.outcome;
  return {
    ...criterion,
    outcome,
    reason: `${criterion.reason}; yet the array hardly ever shows the cell without a spike of the pipette`,
  };
}

/** The array's count beside heights that contradict it. */
function besideHeights(criterion: Criterion, call: ArrayCall, worried: boolean): Criterion {
  if (criterion.criterion !== 'array_missed') return criterion;
  if (call === 'missing' && !worried) {
    return { ...criterion, reason: `${criterion.reason}; the heights of the spikes show nothing of it` };
  }
  if (call === 'complete' && worried)
    return { ...criterion, reason: `${criterion.reason}; the heights of the spikes say otherwise` };
  return criterion;
}
