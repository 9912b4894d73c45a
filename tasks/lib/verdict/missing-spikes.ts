/**
 * Tells whether spikes are missing. If the peaks below the threshold are listed, the missed spikes are counted there; only those in the noise
 * are estimated, and heights and times show whether the peaks are the cell's. Without the list, a cut Gaussian is fitted over the whole
 * recording (wrong if the amplitude drifts or is skewed) and in windows (wrong at steps). Spikes crowded at the threshold need no model, but
 * do not count the missing spikes: together with another sign they convict; a single sign is a doubt.
 */
import type { Share } from '../statistics/share.ts';
import { type Criterion, notComputed, type Outcome } from './criterion.ts';
import { against, type Crowd, crowdAt, edgeFraction, type MissingLimits } from './edge-fraction.ts';
import type { Fit } from './fit.ts';
import { type Seen, seenBelow } from './seen-below.ts';
import { interval, limitInBrackets, limitPercent, missedClause, percent, roughPercent } from './words.ts';

export interface Witnesses {
  readonly edge: Share | null;
  readonly overall: Fit;
  readonly inWindows: Fit;
  /** The peaks below the threshold; null if `detect` did not list them. */
  readonly below: Seen | null;
}

/** edge_fraction, missed_fraction, missed_fraction_in_windows and tail_below_threshold. */
export function missingSpikes({ edge, overall, inWindows, below }: Witnesses, limits: MissingLimits): Criterion[] {
  const crowd = crowdAt(edge, limits.edge);
  if (below !== null) return seenBelow({ ...below, edge, crowd, overall }, limits);
  const whole = readingOf(overall, edge, limits);
  const windows = readingOf(inWindows, edge, limits);
  // A drift widens the distribution over all: if the windows see few missing, believe the windows.
  const drifted = whole === 'over' && windows === 'under';
  const convicting = drifted ? [windows] : [whole, windows];
  return [
    edgeFraction(edge, limits.edge, {
      explained: whole === 'under' && windows === 'under' ? Math.max(expected(overall), expected(inWindows)) : 0,
      confirmed: convicting.some((reading) => reading === 'over' || reading === 'nothing'),
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
  ];
}

/**
 * Compares a fit with the limit. `nothing` and `unsure` (an interval too wide) are no answer; `refuted`: it expects more
 * spikes at the threshold than there can be, so skew or drift have misled it; `uneven`: windows spread differently, so that their fit does not hold.
 */
type Reading = 'under' | 'straddles' | 'over' | 'unsure' | 'nothing' | 'refuted' | 'uneven';

function readingOf(fit: Fit, edge: Share | null, limits: MissingLimits): Reading {
  if (fit.kind !== 'estimated') return 'nothing';
  const { low, high, expectedAtEdge } = fit;
  if (high <= limits.missed) return 'under';
  if (edge !== null && edge.high < expectedAtEdge) return 'refuted';
  // An upper end under the limit was accepted above: an uneven spread moves it by only tenths of a percent.
  if (fit.uneven) return 'uneven';
  if (low > limits.missed) return 'over';
  return high - low <= limits.interval ? 'straddles' : 'unsure';
}

function outcomeOf(reading: Reading, crowd: Crowd): Outcome {
  if (reading === 'under') return 'passed';
  if (reading === 'uneven') return 'unknown';
  if (reading === 'refuted') return crowd === 'absent' ? 'passed' : 'doubtful';
  if (crowd === 'none' || crowd === 'absent' || reading === 'straddles') return 'doubtful';
  return reading === 'over' && crowd === 'slight' ? 'doubtful' : 'failed';
}

/** The share of spikes that a fit expects within 1 MAD of the threshold. */
const expected = (fit: Fit): number => (fit.kind === 'estimated' ? fit.expectedAtEdge : 0);

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
  const inWindows = criterion === 'missed_fraction' ? '' : ' when windows follow the drift';
  const how = `of the spikes are missing${inWindows}`;
  const unseen = outcome === 'doubtful' && (crowd === 'none' || crowd === 'absent');
  const but = unseen ? ', but hardly any lie at the threshold' : '';
  if (reading === 'uneven') {
    const reason = `the share of spikes that are missing${inWindows} cannot be estimated: their spread is not the same in all windows but follows their mean`;
    return notComputed(criterion, limit, reason, 'unknown');
  }
  switch (fit.kind) {
    case 'too-few-spikes': {
      const reason = `the share of spikes that are missing${inWindows} cannot be estimated: too few spikes`;
      return notComputed(criterion, limit, reason);
    }
    case 'mode-at-threshold': {
      const low = fit.atLeast;
      const known = low === null ? '' : `at least ${percent(low)} ${how}, limit ${limitPercent(limit)}; `;
      const unknown = low === null ? `the share of spikes that are missing${inWindows}` : 'their share';
      const reason = `${known}${unknown} cannot be estimated: the peak of the distribution is at or below the threshold${but}`;
      const brief =
        low === null
          ? 'too many spikes are missing to estimate their share'
          : `at least ${roughPercent(low, limit)} of the spikes are missing ${limitInBrackets(limit)}`;
      return { criterion, value: null, low, high: null, limit, passesAt: null, outcome, brief, reason };
    }
    case 'estimated': {
      const { estimate: value, low, high, expectedAtEdge } = fit;
      const measured = `${percent(value)} ${how}${interval(low, high)} if heights are Gaussian`;
      const reason = {
        under: `${measured}, ${against(true, limit)}`,
        over: `${measured}, ${against(false, limit)}${but}`,
        straddles: `${measured}, around the limit of ${limitPercent(limit)}${but}`,
        unsure: `${measured}: too uncertain for the limit of ${limitPercent(limit)}${but}`,
        nothing: measured,
        uneven: measured,
        refuted:
          `${measured}, by a fit that expects ${percent(expectedAtEdge)} of them within one MAD of the threshold. Fewer lie there: ` +
          `skew or drift misleads the fit; limit ${limitPercent(limit)}`,
      }[reading];
      const passesAt = reading === 'refuted' && outcome === 'passed' ? limit : high;
      const brief = missedClause({ value, high, limit });
      return { criterion, value, low, high, limit, passesAt, outcome, brief, reason };
    }
  }
}
