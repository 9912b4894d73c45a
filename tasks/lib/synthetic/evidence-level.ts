/** Counts the recordings of each scenario and level. */
import { medianOf } from '../statistics/median-of.ts';
import { type Case, holds, type Interval } from './totals.ts';

/** A judged recording with the previous verdict on it, if there is a verdict. */
export interface Comparison extends Case {
  readonly level: number;
  readonly varies: string;
  readonly half: string;
  readonly deciding: readonly string[];
  readonly estimates: Readonly<Record<'overall' | 'inWindows' | 'tail', number | null>>;
  readonly before: Case | undefined;
  /** The verdict with the array; undefined if the recording was judged without it only. */
  readonly withArray: Case | undefined;
  /** Matched-filter SNR; null if the array was not asked, or could not be. */
  readonly arraySnr: number | null;
}

/** The recordings of each scenario and level, in order. */
export function byLevel(cases: readonly Comparison[]): Comparison[][] {
  const groups = new Map<string, Comparison[]>();
  for (const recording of cases) {
    const name = `${recording.scenario} ${recording.level}`;
    groups.set(name, [...(groups.get(name) ?? []), recording]);
  }
  return [...groups.values()];
}

export interface Verdicts {
  readonly accept: number;
  readonly borderline: number;
  readonly reject: number;
}

export function verdictsOf(cases: readonly Pick<Case, 'verdict'>[]): Verdicts {
  const of = (verdict: string) => cases.filter((recording) => recording.verdict === verdict).length;
  return { accept: of('accept'), borderline: of('borderline'), reject: of('reject') };
}

/** The previous verdicts; null unless all recordings have them. */
export function verdictsBefore(cases: readonly Comparison[]): Verdicts | null {
  const before = cases.flatMap((recording) => recording.before ?? []);
  return before.length === cases.length ? verdictsOf(before) : null;
}

/** The verdicts with the array, on the recordings that have them; null without any. */
export function verdictsWithArray(cases: readonly Comparison[]): Verdicts | null {
  const judged = cases.flatMap(({ withArray }) => withArray ?? []);
  return judged.length > 0 ? verdictsOf(judged) : null;
}

export const median = (values: readonly (number | null)[]): number | null =>
  medianOf(Float64Array.from(values.flatMap((value) => value ?? [])));

/** How many intervals are given, and how many of them hold the truth. */
export function intervals(cases: readonly Case[], which: 'overall' | 'inWindows') {
  const given = cases.filter((recording) => isGiven(recording[which]));
  return { given: given.length, hold: given.filter((recording) => holds(recording[which], recording.missed)).length };
}

const isGiven = ({ low, high }: Interval): boolean => low !== null && high !== null;

/** The criteria that decided most often, with how often: at most three. */
export function deciders(cases: readonly Comparison[]): string {
  const counts = new Map<string, number>();
  for (const name of cases.flatMap(({ deciding }) => deciding)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const most = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 3);
  return most.map(([name, times]) => `${name} ${times}`).join(', ');
}
