/** Counts over judged recordings: wrong verdicts, intervals that hold, and spikes missed in accepted periods. */
import { COMPLETE, LOST } from './witnesses.ts';

/** A recording's truth, and a verdict on it: the present or the previous verdict. */
export interface Case {
  readonly scenario: string;
  readonly missed: number;
  readonly extra: number;
  readonly verdict: string;
  readonly overall: Interval;
  readonly inWindows: Interval;
  readonly missedInPeriods: number | null;
  /** The missed share by the array; without ends if the array was not asked. */
  readonly byArray: Interval;
}

/** Ends of an interval; null without an interval. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

export const NO_INTERVAL: Interval = { low: null, high: null };

export interface Measure {
  readonly measure: string;
  /** `of` chooses the recordings, `counts` those among them that are counted. */
  readonly of: (recording: Case) => boolean;
  readonly counts: (recording: Case) => boolean;
}

/** Share of the spikes that may be missing in an accepted period. */
const SOUND_PERIOD = 0.02;
/** Scenarios whose complete recordings may be rejected: too few spikes, and pauses that look like a lost cell. */
const EXCUSED = ['rate_01Hz', 'pause_silent'];

const isComplete = ({ scenario, missed, extra }: Case): boolean =>
  missed <= COMPLETE && extra <= COMPLETE && !EXCUSED.includes(scenario);
const isGiven = ({ low, high }: Interval): boolean => low !== null && high !== null;

export function holds({ low, high }: Interval, truth: number): boolean {
  return low !== null && high !== null && low <= truth && truth <= high;
}

export const measures: readonly Measure[] = [
  {
    measure: 'lost 10 % or more: accepted',
    of: ({ missed }) => missed >= LOST,
    counts: ({ verdict }) => verdict === 'accept',
  },
  {
    measure: 'lost 10 % or more: rejected',
    of: ({ missed }) => missed >= LOST,
    counts: ({ verdict }) => verdict === 'reject',
  },
  {
    measure: "10 % or more not the cell's: accepted",
    of: ({ missed, extra }) => missed < LOST && extra >= LOST,
    counts: ({ verdict }) => verdict === 'accept',
  },
  { measure: 'complete and pure: rejected', of: isComplete, counts: ({ verdict }) => verdict === 'reject' },
  { measure: 'complete and pure: borderline', of: isComplete, counts: ({ verdict }) => verdict === 'borderline' },
  {
    measure: 'intervals of missed_fraction that hold the truth',
    of: ({ overall }) => isGiven(overall),
    counts: ({ overall, missed }) => holds(overall, missed),
  },
  {
    measure: 'intervals of missed_fraction_in_windows that hold the truth',
    of: ({ inWindows }) => isGiven(inWindows),
    counts: ({ inWindows, missed }) => holds(inWindows, missed),
  },
  {
    measure: 'accepted periods that truly miss 2 % or more',
    of: ({ missedInPeriods }) => missedInPeriods !== null,
    counts: ({ missedInPeriods }) => missedInPeriods !== null && missedInPeriods >= SOUND_PERIOD,
  },
];

/** Counts recordings that are judged with their array as well. */
export const arrayMeasures: readonly Measure[] = [
  ...measures.filter(({ measure }) => !measure.includes('in_windows')),
  {
    measure: 'intervals of array_missed that hold the truth',
    of: ({ byArray }) => isGiven(byArray),
    counts: ({ byArray, missed }) => holds(byArray, missed),
  },
];

export function count(
  { of, counts }: Measure,
  cases: readonly Case[],
): { readonly of: number; readonly counted: number } {
  const chosen = cases.filter(of);
  return { of: chosen.length, counted: chosen.filter(counts).length };
}
