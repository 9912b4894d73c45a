/** Finds the window that speaks most for missed spikes. */
import type { Missed } from '../spikes/missed-in-windows.ts';
import type { Share } from '../statistics/share.ts';
import { type Criterion, notComputed, type Outcome } from './criterion.ts';
import { crowdAt, type MissingLimits } from './edge-fraction.ts';
import { decimal, limitInBrackets, limitPercent, percent, percentNumber, roughPercent } from './words.ts';

/** The evidence in a window; `start` and `end` in seconds. */
export interface WindowEvidence {
  readonly start: number;
  readonly end: number;
  readonly edge: Share | null;
  readonly missed: Missed;
  /**
   * `no`: the missed spikes are extrapolated from the heights over the threshold. `own`, `unknown`: they are counted below it, as the cell's,
   * or as perhaps another cell's, which is a doubt at most.
   */
  readonly counted: 'no' | 'own' | 'unknown';
}

/**
 * Half-width, in standard errors, of the intervals in a window. A recording has some 60 overlapping windows, of which the worst is judged, so
 * each has an interval of 99.7 %.
 */
export const WINDOW_Z = 3;

/**
 * Both witnesses must speak in the same window: an amplitude step or skew inside a window looks like a cut Gaussian, but puts
 * no spikes at the threshold. Windows are null if no fit is possible.
 */
export function worstWindow(windows: readonly WindowEvidence[] | null, limits: MissingLimits): Criterion {
  const criterion = 'worst_window';
  const limit = limits.missed;
  const worst = windows
    ?.map((window) => ({ window, outcome: outcomeOf(window, limits) }))
    .sort((a, b) => RANK[b.outcome] - RANK[a.outcome] || b.window.missed.low - a.window.missed.low)[0];
  if (worst === undefined) {
    return notComputed(
      criterion,
      limit,
      'missing spikes cannot be looked for in windows: no fit is possible',
      'unknown',
    );
  }
  const { window, outcome } = worst;
  const { estimate: value, low, high } = window.missed;
  const passing = outcome === 'failed' ? low : value;
  const span = `from ${decimal(window.start)} to ${decimal(window.end)} s`;
  const brief = `${roughPercent(value, limit)} of the spikes are missing ${span} ${limitInBrackets(limit)}`;
  const reason =
    outcome === 'passed'
      ? `no stretch has clearly lost spikes, limit ${limitPercent(limit)}`
      : `${span} ${percent(value)} of the spikes are missing (99.7 % interval ` +
        `${percentNumber(low)} to ${percent(high)}), ${low > limit ? 'over' : 'around'} the limit of ${limitPercent(limit)}; ` +
        `${percent(window.edge?.value ?? 0)} of the spikes found there lie at the threshold`;
  const passesAt = outcome === 'passed' ? limit : passing;
  return { criterion, value, low, high, limit, passesAt, outcome, brief, reason };
}

const RANK = { passed: 0, unknown: 0, unasked: 0, doubtful: 1, failed: 2 };

function outcomeOf({ edge, missed, counted }: WindowEvidence, limits: MissingLimits): Outcome {
  if (crowdAt(edge, limits.edge) !== 'clear')
    return counted !== 'no' && missed.low > limits.missed ? 'doubtful' : 'passed';
  if (missed.low > limits.missed) return counted === 'unknown' ? 'doubtful' : 'failed';
  return missed.estimate > limits.missed ? 'doubtful' : 'passed';
}

/** Tells whether a window may count as a period without missed spikes: nothing in it speaks for them. */
export function isSound({ edge, missed, counted }: WindowEvidence, limits: MissingLimits): boolean {
  if (edge === null) return false;
  if (counted !== 'no') return crowdAt(edge, limits.edge) !== 'clear' && missed.estimate <= SOUND;
  return edge.value <= limits.edge && missed.low <= limits.missed;
}

/** Share of the spikes that may be seen to be missing in a window that counts as sound. */
export const SOUND = 0.02;
