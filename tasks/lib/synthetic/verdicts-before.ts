import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';
import { type Case, NO_INTERVAL } from './totals.ts';

/** A recording by its scenario, level and seed. */
export const nameOf = (scenario: string, level: number, seed: number | bigint): string =>
  `${scenario} ${level} ${seed}`;

/**
 * Reads the previous verdict on synthetic recordings, from the CSV that `synthetic` writes.
 *
 * @throws DataError when a column is missing.
 */
export function readVerdictsBefore(path: string): ReadonlyMap<string, Case> {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
  const columns = head.split(',');
  const columnOf = (name: string): number => {
    const at = columns.indexOf(name);
    if (at === -1) throw new DataError(`${basename(path)} has no column '${name}'; it has ${columns.join(', ')}`);
    return at;
  };
  const text = (name: string) => {
    const at = columnOf(name);
    return (cells: readonly string[]) => cells[at] ?? '';
  };
  const number = (name: string) => {
    const of = text(name);
    return (cells: readonly string[]) => (of(cells) === '' ? null : Number(of(cells)));
  };
  const interval = (name: string) => {
    const [low, high] = [number(`${name}_low`), number(`${name}_high`)];
    return (cells: readonly string[]) => ({ low: low(cells), high: high(cells) });
  };
  const [scenario, level, seed, verdict] = ['scenario', 'level', 'seed', 'verdict'].map(text) as Texts;
  const [missed, extra, inPeriods] = ['missed_share', 'extra_share', 'missed_in_periods'].map(number) as Numbers;
  const [overall, inWindows] = [interval('missed_fraction'), interval('missed_fraction_in_windows')];
  return new Map(
    lines.map((line) => {
      const cells = line.split(',');
      return [
        nameOf(scenario(cells), Number(level(cells)), Number(seed(cells))),
        {
          scenario: scenario(cells),
          missed: missed(cells) ?? 0,
          extra: extra(cells) ?? 0,
          verdict: verdict(cells),
          overall: overall(cells),
          inWindows: inWindows(cells),
          missedInPeriods: inPeriods(cells),
          byArray: NO_INTERVAL,
        },
      ];
    }),
  );
}

type Reader<T> = (cells: readonly string[]) => T;
type Texts = [Reader<string>, Reader<string>, Reader<string>, Reader<string>];
type Numbers = [Reader<number | null>, Reader<number | null>, Reader<number | null>];
