/** Spikes that crowd at the threshold: the witness that assumes nothing of the heights. */
import type { Share } from '../statistics/share.ts';
import { type Criterion, notComputed, shareOutcome } from './criterion.ts';
import { interval, limitInBrackets, limitPercent, percent, roughPercent } from './words.ts';

export interface MissingLimits {
  readonly edge: number;
  readonly missed: number;
  /** Widest interval that still says something when it holds the limit. */
  readonly interval: number;
}

/** Whether spikes crowd at the threshold: beyond doubt, perhaps, not as far as is known, or certainly not. */
export type Crowd = 'clear' | 'slight' | 'none' | 'absent';

export function crowdAt(edge: Share | null, limit: number): Crowd {
  if (edge === null) return 'none';
  if (edge.value > limit) return edge.low > limit ? 'clear' : 'slight';
  return edge.high > limit ? 'none' : 'absent';
}

/** `explained`: the share that fits with few missing spikes expect; `confirmed`: whether another witness speaks for missing ones. */
export function edgeFraction(
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
  const brief = `${roughPercent(edge.value, limit)} of the spikes lie at the threshold ${limitInBrackets(limit)}`;
  const passesAt = edge.value;
  if (edge.value > limit && edge.low <= explained) {
    const reason = `${measured}, over ${limitPercent(limit)}, but no more than expected where so few spikes are missing`;
    return { criterion, ...edge, limit, passesAt, outcome: 'passed', brief, reason };
  }
  const beyondChance = shareOutcome(edge, limit);
  const outcome = beyondChance === 'failed' && !confirmed ? 'doubtful' : beyondChance;
  const alone = outcome === 'doubtful' && !confirmed ? ', though the fits find few missing' : '';
  const reason = `${measured}, ${against(outcome === 'passed', limit)}${alone}`;
  return { criterion, ...edge, limit, passesAt, outcome, brief, reason };
}

export const against = (passed: boolean, limit: number): string =>
  passed ? `limit ${limitPercent(limit)}` : `over the limit of ${limitPercent(limit)}`;
