/** Compares the same recordings judged without the array and with it, by how well it sees the cell. */
import type { Comparison } from './evidence-level.ts';
import { arrayMeasures, count } from './totals.ts';

export interface ArrayTotal {
  readonly half: string;
  readonly snr: string;
  readonly measure: string;
  readonly ofAlone: number;
  readonly alone: number;
  readonly ofWith: number;
  readonly with: number;
}

/** Ranges of the matched-filter SNR; an array that cannot be asked counts as under 10. */
const RANGES: readonly (readonly [name: string, from: number, to: number])[] = [
  ['any', 0, Number.POSITIVE_INFINITY],
  ['under 10', 0, 10],
  ['10 to 12', 10, 12],
  ['12 to 15', 12, 15],
  ['12 and over', 12, Number.POSITIVE_INFINITY],
  ['15 and over', 15, Number.POSITIVE_INFINITY],
];

export function arrayTotals(cases: readonly Comparison[]): ArrayTotal[] {
  return ['held back', 'set'].flatMap((half) => RANGES.flatMap((range) => totalsIn(cases, half, range)));
}

function totalsIn(
  cases: readonly Comparison[],
  half: string,
  [snr, from, to]: (typeof RANGES)[number],
): readonly ArrayTotal[] {
  const inRange = ({ arraySnr }: Comparison) => (arraySnr ?? 0) >= from && (arraySnr ?? 0) < to;
  const judged = cases.filter(
    (recording) => recording.half === half && recording.withArray !== undefined && inRange(recording),
  );
  return arrayMeasures.map((measure) => {
    const without = count(measure, judged);
    const beside = count(
      measure,
      judged.flatMap(({ withArray }) => withArray ?? []),
    );
    return {
      half,
      snr,
      measure: measure.measure,
      ofAlone: without.of,
      alone: without.counted,
      ofWith: beside.of,
      with: beside.counted,
    };
  });
}
