/** The tables of docs/verdict-evidence.md, as Markdown. */
import type { ArrayTotal } from './array-totals.ts';
import {
  type Comparison,
  deciders,
  intervals,
  median,
  type Verdicts,
  verdictsBefore,
  verdictsOf,
  verdictsWithArray,
} from './evidence-level.ts';

export interface Total {
  readonly half: string;
  readonly measure: string;
  readonly of: number;
  readonly now: number;
  readonly ofBefore: number;
  readonly before: number;
}

export function evidencePage(
  levels: readonly (readonly Comparison[])[],
  totals: readonly Total[],
  besideArray: readonly ArrayTotal[],
): string {
  const half = (name: string) => levels.filter(([first]) => first?.half === name);
  return [
    '### Totals',
    table(
      ['half', 'of what', 'before', 'now'],
      totals.map(({ half, measure, of, now, ofBefore, before }) => [
        half,
        measure,
        outOf(before, ofBefore),
        outOf(now, of),
      ]),
    ),
    '### With the array, on recordings that were judged without it and with it',
    arrayTable(besideArray),
    '### Held back: what the limits were not chosen on',
    levelTable(half('held back')),
    '### The other half',
    levelTable(half('set')),
  ].join('\n\n');
}

/** Leaves out measures without a recording that counts. */
const arrayTable = (totals: readonly ArrayTotal[]): string =>
  table(
    ['half', 'matched-filter SNR', 'of what', 'without the array', 'with it'],
    totals
      .filter(({ ofAlone, ofWith }) => ofAlone + ofWith > 0)
      .map((total) => [
        total.half,
        total.snr,
        total.measure,
        outOf(total.alone, total.ofAlone),
        outOf(total.with, total.ofWith),
      ]),
  );

function levelTable(levels: readonly (readonly Comparison[])[]): string {
  const head = [
    'scenario',
    'level',
    'N',
    'truly missed (range)',
    'extra',
    'before: a / b / r',
    'now: a / b / r',
    'with the array: a / b / r',
    'over all',
    'in windows',
    'tail',
    'intervals hold: over all, in windows',
    'decided by',
  ];
  return table(head, levels.map(levelRow));
}

function levelRow(cases: readonly Comparison[]): string[] {
  const [first] = cases;
  const missed = cases.map((recording) => recording.missed);
  const held = (which: 'overall' | 'inWindows') => {
    const { hold, given } = intervals(cases, which);
    return `${hold}/${given}`;
  };
  const estimate = (which: 'overall' | 'inWindows' | 'tail') =>
    percent(median(cases.map(({ estimates }) => estimates[which])));
  return [
    `\`${first?.scenario ?? ''}\``,
    String(first?.level ?? ''),
    String(cases.length),
    `${percent(median(missed))} (${percent(Math.min(...missed))} to ${percent(Math.max(...missed))})`,
    percent(median(cases.map(({ extra }) => extra))),
    inWords(verdictsBefore(cases)),
    inWords(verdictsOf(cases)),
    inWords(verdictsWithArray(cases)),
    estimate('overall'),
    estimate('inWindows'),
    estimate('tail'),
    `${held('overall')}, ${held('inWindows')}`,
    deciders(cases),
  ];
}

const inWords = (verdicts: Verdicts | null): string =>
  verdicts === null ? '\u2013' : `${verdicts.accept} / ${verdicts.borderline} / ${verdicts.reject}`;

const percent = (share: number | null): string => (share === null ? '\u2013' : (100 * share).toFixed(1));

const outOf = (counted: number, of: number): string =>
  of === 0 ? '\u2013' : `${counted} of ${of} (${((100 * counted) / of).toFixed(1)} %)`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
