/** The recordings of one scenario and level, counted. */
import { medianOf } from '../statistics/median-of.ts';
import { type Case, holds, type Interval } from './totals.ts';

/** A judged recording with what the verdict before said of it, where it did. */
export interface Comparison extends Case {
  readonly level: number;
  readonly varies: string;
  readonly half: string;
  readonly deciding: readonly string[];
  readonly estimates: Readonly<Record<'overall' | 'inWindows' | 'tail', number | null>>;
  readonly before: Case | undefined;
  /** Judged with the array beside; undefined where it was not asked. */
  readonly withArray: Case | undefined;
  /** Matched-filter SNR; null where the array was not asked, or could not be. */
  readonly arraySnr: number | null;
}

/** The recordings of each scenario and level, in order. */
export function byLevel(cases: readonly Comparison[]): Comparison[][] {
  const groups = new Map<string, Comparison[]>();
  for (const one of cases) {
    const name = `${one.scenario} ${one.level}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()];
}

export interface Verdicts {
  readonly accept: number;
  readonly borderline: number;
  readonly reject: number;
}

export function verdictsOf(cases: readonly Pick<Case, 'verdict'>[]): Verdicts {
  const of = (verdict: string) => cases.filter((one) => one.verdict === verdict).length;
  return { accept: of('accept'), borderline: of('borderline'), reject: of('reject') };
}

/** Of the verdict before; null unless it judged all of them. */
export function verdictsBefore(cases: readonly Comparison[]): Verdicts | null {
  const before = cases.flatMap((one) => one.before ?? []);
  return before.length === cases.length ? verdictsOf(before) : null;
}

/** With the array beside, of those that were judged so; null if none was. */
export function verdictsWithArray(cases: readonly Comparison[]): Verdicts | null {
  const judged = cases.flatMap((one) => one.withArray ?? []);
  return judged.length > 0 ? verdictsOf(judged) : null;
}

export const median = (values: readonly (number | null)[]): number | null =>
  medianOf(Float64Array.from(values.flatMap((value) => value ?? [])));

/** How many intervals are given, and how many of them hold the truth. */
export function intervals(cases: readonly Case[], which: 'overall' | 'inWindows') {
  const given = cases.filter((one) => isGiven(one[which]));
  return { given: given.length, hold: given.filter((one) => holds(one[which], one.missed)).length };
}

const isGiven = ({ low, high }: Interval): boolean => low !== null && high !== null;

/** The criteria that decided most often, with how often: at most three. */
export function deciders(cases: readonly Comparison[]): string {
  const counts = new Map<string, number>();
  for (const name of cases.flatMap(({ deciding }) => deciding)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const most = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 3);
  return most.map(([name, times]) => `${name} ${times}`).join(', ');
}
