/** Missed spikes that the trace itself shows below the threshold: how many, and whose they are. */
import type { Share } from '../statistics/share.ts';
import { type Criterion, notComputed, type Outcome } from './criterion.ts';
import { against, type Crowd, edgeFraction, type MissingLimits } from './edge-fraction.ts';
import type { Fit } from './fit.ts';
import { type BelowThreshold, isOwn } from './tail-owner.ts';
import { interval, limitInBrackets, limitPercent, missedClause, percent, roughPercent } from './words.ts';

/** The count below the threshold, with what bounds it. */
export interface Seen extends BelowThreshold {
  /** The share by windows. */
  readonly inWindows: number;
  /** True if the cell may have been lost in its silences: heights bound nothing then. */
  readonly lost: boolean;
  /** The array's bounds of the missed share; null if it gives no answer. */
  readonly array: ArrayBounds | null;
}

/** The array's interval of the missed share. */
export interface ArrayBounds {
  readonly low: number;
  /** Null if the array hides some of them as well. */
  readonly high: number | null;
  /** True if it confirms the recording: its interval then bounds the estimate by heights. */
  readonly confirms: boolean;
}

interface Counted extends Seen {
  readonly edge: Share | null;
  readonly crowd: Crowd;
  /** The Gaussian fitted to the heights over the threshold: the trace may refute it. */
  readonly overall: Fit;
}

/** Compares the count with the limit; `foreign`: over it, but the peaks may be another cell's. */
type Reading = 'under' | 'around' | 'over' | 'foreign';

export function seenBelow(counted: Counted, limits: MissingLimits): Criterion[] {
  const reading = readingOf(counted, limits.missed);
  return [
    edgeFraction(counted.edge, limits.edge, {
      explained: reading === 'under' ? 1 : 0,
      confirmed: reading === 'over',
    }),
    missed(counted, reading, limits.missed),
    missedInWindows(counted, reading, limits.missed),
    tailCriterion(counted, reading, limits.missed),
  ];
}

function readingOf(seen: Seen, limit: number): Reading {
  const { high } = boundsOf(seen);
  if (seen.tail.missed.low > limit) return isOwn(seen) ? 'over' : 'foreign';
  if (hasSpikelets(seen)) return 'around';
  return (high ?? seen.tail.missed.high) <= limit ? 'under' : 'around';
}

/** Tells whether lower spikes may lie in the noise: the peaks follow spikes as spikelets do, and no array excludes more. */
const hasSpikelets = ({ tail, array }: Seen): boolean => tail.follows && array?.confirms !== true;

/** A count over the limit fails together with spikes at the threshold, and is a doubt without them. */
const OVER: { readonly [crowd in Crowd]: Outcome } = {
  clear: 'failed',
  slight: 'doubtful',
  none: 'doubtful',
  absent: 'doubtful',
};

interface Bounds {
  readonly low: number;
  readonly high: number | null;
  readonly said: string;
}

/**
 * The interval of the count. An array that confirms the recording gives the high end, for it sees the spikes that lie in the noise; an array
 * that does not confirm it may widen the interval. There is no upper end if spikes may be missing that the heights in the band do not show:
 * spikelets in the noise, and those of a cell that the pipette may have lost.
 */
function boundsOf({ tail, lost, array }: Seen): Bounds {
  const { low, high } = tail.missed;
  if (array?.confirms === true) {
    const [least, most] = [Math.min(low, array.low), array.high ?? high];
    return { low: least, high: most, said: interval(least, most) };
  }
  if (tail.follows) return { low, high: null, said: ` (at least ${percent(low)}; lower ones may lie in the noise)` };
  if (lost) return { low, high: null, said: ` (at least ${percent(low)}; more if the cell was lost in its silences)` };
  if (array === null) return { low, high, said: interval(low, high) };
  if (array.high === null) return { low, high: null, said: ` (at least ${percent(low)}; the array shows more)` };
  // The array sees fewer spikes: the rest are another cell's, however like this cell's they look.
  const [least, most] = [Math.min(low, array.high), Math.max(high, array.high)];
  return { low: least, high: most, said: interval(least, most) };
}

/** The interval as reported: left out if others' peaks may be counted as the cell's, unless an array confirms the recording. */
function givenBounds(seen: Seen): { readonly low: number | null; readonly high: number | null; readonly said: string } {
  if (!seen.mixed || seen.array?.confirms === true) return boundsOf(seen);
  return {
    low: null,
    high: null,
    said: ' (no interval: the peaks are not all of one cell)',
  };
}

function missed(counted: Counted, reading: Reading, limit: number): Criterion {
  const { crowd, overall, tail, asked } = counted;
  const criterion = 'missed_fraction';
  const { low, high, said: bounds } = givenBounds(counted);
  const passesAt = boundsOf(counted).high ?? tail.missed.high;
  if (reading === 'foreign') {
    const reason = `up to ${percent(passesAt)} of the spikes are missing, or none if the peaks below the threshold are another cell's`;
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const value = Math.min(tail.missed.estimate, passesAt);
  const by =
    asked === null
      ? 'of the peaks below the threshold'
      : 'of the peaks below the threshold that the array leaves to the cell';
  const said = `${percent(value)} of the spikes are missing${bounds}, by a count ${by}`;
  const refuted =
    reading === 'under' && overall.kind === 'estimated' && overall.low > limit
      ? `; a fitted Gaussian says ${percent(overall.estimate)}, which so few refute`
      : '';
  const reason = `${said}, ${held(reading, limit)}${refuted}`;
  const brief = missedClause({ value, high, limit });
  return { criterion, value, low, high, limit, passesAt, outcome: outcomeOf(reading, crowd), brief, reason };
}

/** The count held against the limit. */
function held(reading: Exclude<Reading, 'foreign'>, limit: number): string {
  if (reading !== 'around') return against(reading === 'under', limit);
  return `around the limit of ${limitPercent(limit)}`;
}

function outcomeOf(reading: Exclude<Reading, 'foreign'>, crowd: Crowd): Outcome {
  if (reading === 'under') return 'passed';
  return reading === 'around' ? 'doubtful' : OVER[crowd];
}

/** The same count, but the spikes in the noise are estimated window by window. */
function missedInWindows(counted: Counted, reading: Reading, limit: number): Criterion {
  const { crowd, tail, inWindows } = counted;
  const criterion = 'missed_fraction_in_windows';
  const { low, high, said: bounds } = givenBounds(counted);
  const { low: least, high: most } = boundsOf(counted);
  const passesAt = most ?? tail.missed.high;
  const value = Math.max(least, Math.min(passesAt, inWindows));
  if (reading === 'foreign') {
    const reason =
      "the share missing when windows follow the drift is not known: the peaks below the threshold may be another cell's";
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const said = `${percent(value)} of the spikes are missing when windows follow the drift${bounds}`;
  const reason = `${said}, ${held(reading, limit)}`;
  const brief = missedClause({ value, high, limit });
  return { criterion, value, low, high, limit, passesAt, outcome: outcomeOf(reading, crowd), brief, reason };
}

function tailCriterion(counted: Counted, reading: Reading, limit: number): Criterion {
  const { tail, crowd } = counted;
  const { estimate: value, low, high } = tail.share;
  const over = !(low <= limit);
  const spikelets = hasSpikelets(counted);
  const share = `${countsOf(counted)}: ${percent(value)} of all spikes${interval(low, high)}, ${against(!over, limit)}`;
  const whose = over || spikelets ? `; ${ownerOf(counted)}` : '';
  const passesAt = spikelets ? null : low;
  const outcome = over ? overOutcome(reading, crowd) : belowOutcome(spikelets);
  const brief = `${roughPercent(value, limit)} of all spikes seem to lie below the threshold ${limitInBrackets(limit)}`;
  return {
    criterion: 'tail_below_threshold',
    value,
    low,
    high,
    limit,
    passesAt,
    outcome,
    brief,
    reason: share + whose,
  };
}

const overOutcome = (reading: Reading, crowd: Crowd): Outcome => (reading === 'over' ? OVER[crowd] : 'doubtful');
const belowOutcome = (spikelets: boolean): Outcome => (spikelets ? 'doubtful' : 'passed');

function countsOf({ tail, asked }: Seen): string {
  const all = asked === null ? tail.found + tail.mirrored : asked.cell + asked.another + asked.unknown;
  if (all === 0) return 'no peaks lie below the threshold';
  if (asked === null) {
    return `${tail.found} peaks lie below the threshold, ${tail.mirrored} as far on the other side of the baseline`;
  }
  const { cell, another, unknown } = asked;
  const unclear = unknown > 0 ? `, and leaves open whose ${unknown} are` : '';
  return `the array shows the cell at ${cell} of ${all} peaks below the threshold, and another cell or none at ${another}${unclear}`;
}

function ownerOf({ tail, sure }: Seen): string {
  const { found, expected } = tail.following;
  if (tail.follows) {
    const after = `${found} of them follow a spike within 15 ms, ${Math.round(expected)} would by chance`;
    return `${after}: they are the cell's own, and lower ones may lie in the noise`;
  }
  if (sure) return "they are the cell's own";
  return tail.continues
    ? "the cell's own distribution goes on below the threshold"
    : "missed spikes or a smaller cell's, which heights cannot tell";
}
