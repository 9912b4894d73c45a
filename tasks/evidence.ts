/** Compares the verdict on recordings of known truth with the previous verdict: the tables of docs/verdict-evidence.md. */
import { DataError, defineTask, file, gathered, table } from 'groundproof/task';
import { arrayTotalsTable, evidenceParams, levelsTable, totalsTable } from '../schemas/tasks/evidence.ts';
import { judgedTable } from '../schemas/tasks/synthetic.ts';
import { arrayTotals } from './lib/synthetic/array-totals.ts';
import {
  byLevel,
  type Comparison,
  deciders,
  intervals,
  median,
  verdictsBefore,
  verdictsOf,
  verdictsWithArray,
} from './lib/synthetic/evidence-level.ts';
import { evidencePage } from './lib/synthetic/evidence-page.ts';
import { type Case, count, measures, NO_INTERVAL } from './lib/synthetic/totals.ts';
import { nameOf, readVerdictsBefore } from './lib/synthetic/verdicts-before.ts';

export default defineTask({
  inputs: { judged: gathered(table(judgedTable)), before: file() },
  params: evidenceParams,
  outputs: {
    levels: table(levelsTable, { csv: true }),
    totals: table(totalsTable, { csv: true }),
    array_totals: table(arrayTotalsTable, { csv: true }),
    tables: file('.md'),
  },
  async run({ inputs, outputs }) {
    const before = readVerdictsBefore(inputs.before);
    const cases: Comparison[] = [];
    for (const { value } of inputs.judged) cases.push(...comparisons(await value.columns(), before));
    const levels = byLevel(cases);

    const totals = ['held back', 'set'].flatMap((half) => {
      const casesOfHalf = cases.filter((candidate) => candidate.half === half);
      return measures.map((measure) => {
        const now = count(measure, casesOfHalf);
        const previous = count(
          measure,
          casesOfHalf.flatMap(({ before }) => before ?? []),
        );
        return {
          half,
          measure: measure.measure,
          of: now.of,
          now: now.counted,
          ofBefore: previous.of,
          before: previous.counted,
        };
      });
    });
    await outputs.totals.write({
      half: totals.map(({ half }) => half),
      measure: totals.map(({ measure }) => measure),
      of: totals.map(({ of }) => of),
      now: totals.map(({ now }) => now),
      of_before: totals.map(({ ofBefore }) => ofBefore),
      before: totals.map((total) => total.before),
    });
    const besideArray = arrayTotals(cases);
    await outputs.array_totals.write({
      half: besideArray.map(({ half }) => half),
      snr: besideArray.map(({ snr }) => snr),
      measure: besideArray.map(({ measure }) => measure),
      of_alone: besideArray.map(({ ofAlone }) => ofAlone),
      alone: besideArray.map(({ alone }) => alone),
      of_with_array: besideArray.map(({ ofWith }) => ofWith),
      with_array: besideArray.map((total) => total.with),
    });
    await outputs.levels.write(levelColumns(levels));
    outputs.tables.write(Buffer.from(`${evidencePage(levels, totals, besideArray)}\n`));
  },
});

interface JudgedColumns {
  readonly [column: string]: ArrayLike<unknown>;
}

/** @throws DataError if the previous verdict judged other recordings under the same names. */
function comparisons(judged: JudgedColumns, before: ReadonlyMap<string, Case>): Comparison[] {
  const text = (name: string, row: number) => String(judged[name]?.[row]);
  const number = (name: string, row: number) => Number(judged[name]?.[row]);
  const maybe = (name: string, row: number) => (judged[name]?.[row] ?? null) as number | null;
  const interval = (name: string, row: number) => ({
    low: maybe(`${name}_low`, row),
    high: maybe(`${name}_high`, row),
  });
  return Array.from(judged.scenario ?? [], (_, row) => {
    const name = nameOf(text('scenario', row), number('level', row), number('seed', row));
    const previous = before.get(name);
    const missed = number('missed_share', row);
    if (previous && Math.abs(previous.missed - missed) > 1e-9) {
      throw new DataError(
        `${name} lost ${missed} of its spikes, but ${previous.missed} when the verdict before judged it: it was made otherwise; ` +
          'have the verdict before judge the recordings again',
      );
    }
    const truth = { scenario: text('scenario', row), missed, extra: number('extra_share', row) };
    return {
      ...truth,
      level: number('level', row),
      varies: text('varies', row),
      half: text('half', row),
      verdict: text('verdict', row),
      deciding: text('deciding', row).split(' ').filter(Boolean),
      overall: interval('missed_fraction', row),
      inWindows: interval('missed_fraction_in_windows', row),
      missedInPeriods: maybe('missed_in_periods', row),
      byArray: NO_INTERVAL,
      estimates: {
        overall: maybe('missed_fraction', row),
        inWindows: maybe('missed_fraction_in_windows', row),
        tail: maybe('tail_below_threshold', row),
      },
      before: previous,
      withArray:
        judged.verdict_with_array?.[row] == null
          ? undefined
          : {
              ...truth,
              verdict: text('verdict_with_array', row),
              overall: interval('missed_fraction_with_array', row),
              inWindows: NO_INTERVAL,
              missedInPeriods: maybe('missed_in_periods_with_array', row),
              byArray: interval('array_missed', row),
            },
      arraySnr: maybe('array_snr', row),
    };
  });
}

function levelColumns(levels: readonly Comparison[][]) {
  const missed = levels.map((cases) => cases.map((comparison) => comparison.missed));
  const [now, previous] = [levels.map(verdictsOf), levels.map(verdictsBefore)];
  const beside = levels.map(verdictsWithArray);
  const overall = levels.map((cases) => intervals(cases, 'overall'));
  const inWindows = levels.map((cases) => intervals(cases, 'inWindows'));
  const medians = (which: keyof Comparison['estimates']) =>
    levels.map((cases) => median(cases.map(({ estimates }) => estimates[which])));
  const first = <K extends 'scenario' | 'varies' | 'half'>(key: K) =>
    levels.map(([comparison]) => comparison?.[key] ?? '');
  return {
    scenario: first('scenario'),
    level: levels.map(([comparison]) => comparison?.level ?? 0),
    varies: first('varies'),
    half: first('half'),
    recordings: levels.map((cases) => cases.length),
    missed: missed.map((shares) => median(shares) ?? 0),
    missed_least: missed.map((shares) => Math.min(...shares)),
    missed_most: missed.map((shares) => Math.max(...shares)),
    extra: levels.map((cases) => median(cases.map(({ extra }) => extra)) ?? 0),
    accept: now.map(({ accept }) => accept),
    borderline: now.map(({ borderline }) => borderline),
    reject: now.map(({ reject }) => reject),
    accept_before: previous.map((verdicts) => verdicts?.accept ?? null),
    borderline_before: previous.map((verdicts) => verdicts?.borderline ?? null),
    reject_before: previous.map((verdicts) => verdicts?.reject ?? null),
    accept_with_array: beside.map((verdicts) => verdicts?.accept ?? null),
    borderline_with_array: beside.map((verdicts) => verdicts?.borderline ?? null),
    reject_with_array: beside.map((verdicts) => verdicts?.reject ?? null),
    missed_fraction: medians('overall'),
    missed_fraction_in_windows: medians('inWindows'),
    tail_below_threshold: medians('tail'),
    intervals: overall.map(({ given }) => given),
    intervals_hold: overall.map(({ hold }) => hold),
    intervals_in_windows: inWindows.map(({ given }) => given),
    intervals_in_windows_hold: inWindows.map(({ hold }) => hold),
    deciding: levels.map(deciders),
  };
}
