/**
 * Are spikes missing? Four witnesses that err in different ways: spikes crowded at the threshold (no model, but not a count
 * of what is missing), the fit of a cut Gaussian over the whole recording (wrong where the amplitude drifts or is skewed),
 * the same in windows (wrong at steps and where the spread changes), and peaks below the threshold (only those that the
 * threshold did not bury in noise). The first and one of the others convict together; one alone is a doubt.
 */
import type { Missed } from '../signal/missed-in-windows.ts';
import type { Share } from '../signal/share.ts';
import type { Tail } from '../signal/tail-below-threshold.ts';
import { type Criterion, notComputed, type Outcome } from './criterion.ts';
import { interval, limitPercent, percent, percentPassing } from './words.ts';

export interface MissingLimits {
  readonly edge: number;
  readonly missed: number;
  /** Widest interval that still says something when it holds the limit. */
  readonly interval: number;
}

/** What a fit of cut Gaussians says, and the share of spikes that it expects within one MAD of the threshold. */
export type Fit =
  | (Missed & { readonly kind: 'estimated'; readonly expectedAtEdge: number })
  /** The mode is at or below the threshold; `atLeast` where even a lower bound is known. */
  | { readonly kind: 'mode-at-threshold'; readonly atLeast: number | null }
  | { readonly kind: 'too-few-spikes' };

export interface Witnesses {
  readonly edge: Share | null;
  readonly overall: Fit;
  readonly inWindows: Fit;
  /** Null where nobody looked. */
  readonly tail: Tail | null;
}

/** edge_fraction, missed_fraction, missed_fraction_in_windows and tail_below_threshold. */
export function missingSpikes({ edge, overall, inWindows, tail }: Witnesses, limits: MissingLimits): Criterion[] {
  const crowd = crowdAt(edge, limits.edge);
  const whole = readingOf(overall, edge, limits);
  const windows = readingOf(inWindows, edge, limits);
  const seen = tail?.continues === true && tail.share.low > limits.missed;
  // A drift widens the distribution over all: where the windows see few missing, it is they who are right.
  const drifted = whole === 'over' && windows === 'under';
  const convicting = drifted ? [windows] : [whole, windows];
  const confirmed = seen || convicting.some((reading) => reading === 'over' || reading === 'nothing');
  return [
    edgeFraction(edge, limits.edge, {
      explained: whole === 'under' && windows === 'under' ? Math.max(expected(overall), expected(inWindows)) : 0,
      confirmed,
    }),
    missedBy(overall, 'missed_fraction', limits, {
      reading: whole,
      crowd,
      outcome: drifted ? 'doubtful' : outcomeOf(whole, crowd),
    }),
    missedBy(inWindows, 'missed_fraction_in_windows', limits, {
      reading: windows,
      crowd,
      outcome: outcomeOf(windows, crowd),
    }),
    ...(tail === null ? [] : [tailBelow(tail, limits.missed, seen, crowd)]),
  ];
}

/** Whether spikes crowd at the threshold: beyond doubt, perhaps, not as far as is known, or certainly not. */
export type Crowd = 'clear' | 'slight' | 'none' | 'absent';

export function crowdAt(edge: Share | null, limit: number): Crowd {
  if (edge === null) return 'none';
  if (edge.value > limit) return edge.low > limit ? 'clear' : 'slight';
  return edge.high > limit ? 'none' : 'absent';
}

/**
 * What a fit says of the limit. `nothing` and `unsure` (an interval too wide) are no answer; `refuted`: it expects more
 * spikes at the threshold than there can be, so skew or drift have misled it.
 */
type Reading = 'under' | 'straddles' | 'over' | 'unsure' | 'nothing' | 'refuted';

function readingOf(fit: Fit, edge: Share | null, limits: MissingLimits): Reading {
  if (fit.kind !== 'estimated') return 'nothing';
  const { low, high, expectedAtEdge } = fit;
  if (high <= limits.missed) return 'under';
  if (edge !== null && edge.high < expectedAtEdge) return 'refuted';
  if (low > limits.missed) return 'over';
  return high - low <= limits.interval ? 'straddles' : 'unsure';
}

function outcomeOf(reading: Reading, crowd: Crowd): Outcome {
  if (reading === 'under') return 'passed';
  if (reading === 'refuted') return crowd === 'absent' ? 'passed' : 'doubtful';
  if (crowd === 'none' || crowd === 'absent' || reading === 'straddles') return 'doubtful';
  return reading === 'over' && crowd === 'slight' ? 'doubtful' : 'failed';
}

/** The share of spikes that a fit expects within one MAD of the threshold. */
const expected = (fit: Fit): number => (fit.kind === 'estimated' ? fit.expectedAtEdge : 0);

/** `explained`: the share that fits with few missing spikes expect; `confirmed`: whether another witness speaks for missing ones. */
function edgeFraction(
  edge: Share | null,
  limit: number,
  { explained, confirmed }: { readonly explained: number; readonly confirmed: boolean },
): Criterion {
  const criterion = 'edge_fraction';
  if (edge === null) {
    const reason =
      'the share of spikes at the threshold cannot be computed: there are no spikes, or the MAD of the trace is 0';
    return notComputed(criterion, limit, reason);
  }
  const measured = `${percent(edge.value)} of the spikes lie within one MAD of the threshold${interval(edge.low, edge.high)}`;
  const passesAt = edge.value;
  if (edge.value > limit && edge.low <= explained) {
    const reason = `${measured}, over ${limitPercent(limit)}, but no more than a distribution that loses so few has there`;
    return { criterion, ...edge, limit, passesAt, outcome: 'passed', reason };
  }
  const outcome = edge.value <= limit ? 'passed' : edge.low > limit && confirmed ? 'failed' : 'doubtful';
  const alone = outcome === 'doubtful' && !confirmed ? ', though by the fits few are missing' : '';
  const reason = `${measured}, ${against(outcome === 'passed', limit, edge.value)}${alone}`;
  return { criterion, ...edge, limit, passesAt, outcome, reason };
}

interface Judged {
  readonly reading: Reading;
  readonly outcome: Outcome;
  readonly crowd: Crowd;
}

function missedBy(
  fit: Fit,
  criterion: 'missed_fraction' | 'missed_fraction_in_windows',
  { missed: limit }: MissingLimits,
  { reading, outcome, crowd }: Judged,
): Criterion {
  const how =
    criterion === 'missed_fraction' ? 'of the spikes are missing' : 'are missing when windows follow the drift';
  const unseen = outcome === 'doubtful' && (crowd === 'none' || crowd === 'absent');
  const but = unseen ? ', but hardly any lie at the threshold' : '';
  switch (fit.kind) {
    case 'too-few-spikes': {
      const reason = `how many ${how} cannot be estimated: too few spikes`;
      return notComputed(criterion, limit, reason);
    }
    case 'mode-at-threshold': {
      const low = fit.atLeast;
      const some =
        low === null ? `how many ${how}` : `at least ${percent(low)} ${how}, limit ${limitPercent(limit)}; how many`;
      const reason = `${some} cannot be estimated: the peak of the distribution is at or below the threshold${but}`;
      return { criterion, value: null, low, high: null, limit, passesAt: null, outcome, reason };
    }
    case 'estimated': {
      const { estimate: value, low, high, expectedAtEdge } = fit;
      const measured = `${percent(value)} ${how}${interval(low, high)}`;
      const reason = {
        under: `${measured}, ${against(true, limit, high)}`,
        over: `${measured}, ${against(false, limit, high)}${but}`,
        straddles: `${measured}, around the limit of ${limitPercent(limit)} (${percentPassing(high)} would pass)${but}`,
        unsure: `${measured}: too uncertain for the limit of ${limitPercent(limit)} (${percentPassing(high)} would pass)${but}`,
        nothing: measured,
        refuted:
          `${measured} by a fit that expects ${percent(expectedAtEdge)} of them within one MAD of the threshold, where fewer lie: ` +
          `skew or drift misleads it, limit ${limitPercent(limit)}`,
      }[reading];
      const passesAt = reading === 'refuted' && outcome === 'passed' ? limit : high;
      return { criterion, value, low, high, limit, passesAt, outcome, reason };
    }
  }
}

function tailBelow(tail: Tail, limit: number, over: boolean, crowd: Crowd): Criterion {
  const { estimate: value, low, high } = tail.share;
  const outcome = !over ? 'passed' : crowd === 'clear' ? 'failed' : 'doubtful';
  const counted = `${tail.found} peaks lie below the threshold, ${tail.mirrored} as far on the other side of the baseline`;
  const reason =
    !over && low > limit
      ? `${counted}: smaller spikes than this cell's, whose own do not go on through the threshold`
      : `${counted}: ${percent(value)} of the spikes are seen to be missing${interval(low, high)}, ${against(!over, limit, low)}`;
  return { criterion: 'tail_below_threshold', value, low, high, limit, passesAt: low, outcome, reason };
}

const against = (passed: boolean, limit: number, passesAt: number): string =>
  passed
    ? `limit ${limitPercent(limit)}`
    : `over the limit of ${limitPercent(limit)} (${percentPassing(passesAt)} would pass)`;
