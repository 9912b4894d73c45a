/** Missed spikes that the trace itself shows below the threshold: how many, and whose they are. */
import type { Share } from '../signal/share.ts';
import type { Tail } from '../signal/tail-below-threshold.ts';
import { type Criterion, notComputed, type Outcome } from './criterion.ts';
import { against, type Crowd, edgeFraction, type MissingLimits } from './edge-fraction.ts';
import type { Fit } from './fit.ts';
import { interval, limitPercent, percent, percentPassing } from './words.ts';

interface Seen {
  readonly edge: Share | null;
  readonly crowd: Crowd;
  /** The Gaussian fitted to what lies over the threshold: the trace may refute it. */
  readonly overall: Fit;
  readonly tail: Tail & { readonly inWindows: number };
  readonly lost: boolean;
}

/** What the count says of the limit; `foreign`: over it, but the peaks may be another cell's. */
type Reading = 'under' | 'around' | 'over' | 'foreign';

export function seenBelow(seen: Seen, limits: MissingLimits): Criterion[] {
  const { edge, crowd, tail } = seen;
  const reading = readingOf(tail, limits.missed);
  return [
    edgeFraction(edge, limits.edge, {
      explained: reading === 'under' ? 1 : 0,
      confirmed: reading === 'over',
    }),
    missed(seen, reading, limits.missed),
    missedInWindows(seen, reading, limits.missed),
    tailCriterion(tail, crowd, reading, limits.missed),
  ];
}

const isOwn = ({ continues, follows }: Tail): boolean => continues || follows;

function readingOf(tail: Tail, limit: number): Reading {
  const { low, high } = tail.missed;
  if (high <= limit) return tail.follows ? 'around' : 'under';
  if (!(low > limit)) return 'around';
  return isOwn(tail) ? 'over' : 'foreign';
}

/** A count over the limit fails together with spikes at the threshold, and is a doubt without them. */
const OVER: { readonly [crowd in Crowd]: Outcome } = {
  clear: 'failed',
  slight: 'doubtful',
  none: 'doubtful',
  absent: 'doubtful',
};

/**
 * The interval of what is counted. It has no upper end where spikes may be missing that no height in the band stands for: spikelets that lie in
 * the noise, and those of a cell that the pipette may have lost.
 */
function boundsOf({ tail, lost }: Seen): { readonly low: number; readonly high: number | null; readonly said: string } {
  const { low, high } = tail.missed;
  if (tail.follows) return { low, high: null, said: ` (at least ${percent(low)}; lower ones may lie in the noise)` };
  if (lost) return { low, high: null, said: ` (at least ${percent(low)}; more if the cell was lost in its silences)` };
  return { low, high, said: interval(low, high) };
}

function missed(seen: Seen, reading: Reading, limit: number): Criterion {
  const { crowd, overall, tail } = seen;
  const criterion = 'missed_fraction';
  const { estimate: value, high: passesAt } = tail.missed;
  const { low, high, said: bounds } = boundsOf(seen);
  if (reading === 'foreign') {
    const reason = `how many of the spikes are missing cannot be told: up to ${percent(passesAt)}, or none if the peaks below the threshold are another cell's`;
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const said = `${percent(value)} of the spikes are missing${bounds}, by a count of the peaks below the threshold`;
  const refuted =
    reading === 'under' && overall.kind === 'estimated' && overall.low > limit
      ? `; a Gaussian that says ${percent(overall.estimate)} is refuted by so few`
      : '';
  const reason = `${said}, ${held(reading, limit, passesAt)}${refuted}`;
  return { criterion, value, low, high, limit, passesAt, outcome: outcomeOf(reading, crowd), reason };
}

/** The count held against the limit. */
function held(reading: Exclude<Reading, 'foreign'>, limit: number, passesAt: number): string {
  if (reading !== 'around') return against(reading === 'under', limit, passesAt);
  return `around the limit of ${limitPercent(limit)} (${percentPassing(passesAt)} would pass)`;
}

function outcomeOf(reading: Exclude<Reading, 'foreign'>, crowd: Crowd): Outcome {
  if (reading === 'under') return 'passed';
  return reading === 'around' ? 'doubtful' : OVER[crowd];
}

/** The same count; only what lies in the noise is estimated window by window. */
function missedInWindows(seen: Seen, reading: Reading, limit: number): Criterion {
  const { crowd, tail } = seen;
  const criterion = 'missed_fraction_in_windows';
  const { high: passesAt } = tail.missed;
  const { low, high, said: bounds } = boundsOf(seen);
  const value = Math.max(low, Math.min(passesAt, tail.inWindows));
  if (reading === 'foreign') {
    const reason =
      "how many are missing when windows follow the drift cannot be told: the peaks below the threshold may be another cell's";
    return notComputed(criterion, limit, reason, 'unknown');
  }
  const said = `${percent(value)} are missing when windows follow the drift${bounds}`;
  const reason = `${said}, ${held(reading, limit, passesAt)}`;
  return { criterion, value, low, high, limit, passesAt, outcome: outcomeOf(reading, crowd), reason };
}

function tailCriterion(tail: Tail, crowd: Crowd, reading: Reading, limit: number): Criterion {
  const { estimate: value, low, high } = tail.share;
  const over = !(low <= limit);
  const counted = `${tail.found} peaks lie below the threshold, ${tail.mirrored} as far on the other side of the baseline`;
  const share = `${counted}: ${percent(value)} of all spikes${interval(low, high)}, ${against(!over, limit, low)}`;
  const { found, expected } = tail.following;
  const after = `${found} of them follow a spike within 15 ms, ${Math.round(expected)} would by chance`;
  const whose = tail.follows
    ? `; ${after}: they are the cell's own, and lower ones may lie in the noise`
    : over
      ? `; ${tail.continues ? "the cell's own distribution goes on below the threshold" : "missed spikes or a smaller cell's, which heights cannot tell"}`
      : '';
  const outcome = over ? (reading === 'over' ? OVER[crowd] : 'doubtful') : tail.follows ? 'doubtful' : 'passed';
  const passesAt = tail.follows ? null : low;
  return { criterion: 'tail_below_threshold', value, low, high, limit, passesAt, outcome, reason: share + whose };
}
