/** Sweeps for the tests of texts, tables and figures. */
import type { Json } from '../../src/base/json.ts';
import type { Sweep } from '../../src/sweep/sweep.ts';

/** A sweep of the parameter `judge.limit`, with a headline for each label and value. */
export function swept(
  values: readonly Json[],
  own: Json | undefined,
  rows: { readonly [label: string]: readonly (string | null)[] },
): Sweep {
  return {
    axes: [{ parameter: 'judge.limit', values, own }],
    headline: { step: 'judge', column: 'verdict', label: 'recording' },
    labels: Object.keys(rows),
    runs: values.map((value, i) => ({
      values: [value],
      headlines: Object.values(rows).map((row) => row[i] ?? null),
      executed: 2,
      reused: 3,
      failed: 0,
      blocked: 0,
    })),
    interrupted: false,
  };
}

/** A sweep of `judge.limit` 2 and 3 by `count.at_least` 1, 2 and 3, with a single recording. */
export const grid: Sweep = {
  ...swept([], undefined, {}),
  axes: [
    { parameter: 'judge.limit', values: [2, 3], own: 3 },
    { parameter: 'count.at_least', values: [1, 2, 3], own: 2 },
  ],
  labels: ['a'],
  runs: [2, 3].flatMap((limit) =>
    [1, 2, 3].map((least) => ({
      values: [limit, least],
      headlines: [limit + least < 5 ? 'enough' : 'too few'],
      executed: 1,
      reused: 1,
      failed: 0,
      blocked: 0,
    })),
  ),
};
