/** Criteria on the array, which recorded the same cell: does it show the pipette's spikes, and the cell at other times? */
import { type Share, shareOf } from '../statistics/share.ts';
import { arrayMissed } from '../witness/capture-recapture.ts';
import { type ArrayCall, arrayCall } from './array-call.ts';
import type { ArrayEvidence, ArrayTestimony } from './array-evidence.ts';
import { type ArrayStretch, worstOnArray } from './array-stretches.ts';
import { type Criterion, measured, notAsked, type Outcome, shareOutcome } from './criterion.ts';
import type { VerdictLimits } from './limits.ts';
import type { Detected } from './recorded.ts';
import type { ArrayBounds } from './seen-below.ts';
import type { ArraysOwners } from './tail-owner.ts';
import {
  decimal,
  interval,
  limitInBrackets,
  limitPercent,
  missedClause,
  percent,
  percentNumber,
  roughPercent,
} from './words.ts';

/** The array's answers: its call on the whole recording, its criteria, and its evidence for the pipette's criteria. */
export interface Heard {
  readonly call: ArrayCall;
  readonly criteria: readonly Criterion[];
  /** Whose the peaks below the threshold are; null if the array cannot tell. */
  readonly owners: ArraysOwners | null;
  /** Null if the array is not asked when the cell fired. */
  readonly testimony: ArrayTestimony | null;
  /** The missed share by the array; null if it gives no answer. */
  readonly bounds: ArrayBounds | null;
}

/** From this SNR on an array nearly always confirms a complete recording: a missing confirmation is a doubt. */
const SURE_SNR = 12;
/** SNR from which the array recognises the cell at moments that the pipette gives; other moments need more, `minimum_array_snr`. */
const LEAST_SNR_AT_MOMENTS = 6;

/** `array_missed`, `false_spikes` and `second_cell`. */
export function hearArray(evidence: ArrayEvidence, detected: Detected, limits: VerdictLimits): Heard {
  if (evidence.silent !== null) {
    const silent = unasked(WHY[evidence.silent] ?? evidence.silent, limits);
    return evidence.silent === 'seen for a part' ? { ...silent, criteria: silent.criteria.map(inDoubt) } : silent;
  }
  const { snr, unseen, spikes, groups, whose } = evidence;
  const { maximum_missed_fraction, maximum_false_spikes, minimum_array_snr: leastSnr } = limits;
  if (!(snr >= Math.min(LEAST_SNR_AT_MOMENTS, leastSnr))) return unasked(tooFaint(snr, LEAST_SNR_AT_MOMENTS), limits);
  const second = secondCell(groups, spikes, maximum_false_spikes);
  const atMoments = [falseSpikes(unseen, spikes, maximum_false_spikes), second];
  const why = second.outcome === 'failed' ? TWO_CELLS : snr < leastSnr && tooFaint(snr, leastSnr);
  if (why) {
    const missed = notAsked(
      'array_missed',
      maximum_missed_fraction,
      `the array is not asked what the pipette missed: ${why}`,
    );
    return {
      call: 'cannot tell',
      criteria: [missed, ...atMoments],
      owners: { whose, sure: false, kept: null },
      testimony: null,
      bounds: null,
    };
  }
  const call = arrayCall(evidence.counts, arrayMissed(evidence.counts), snr, {
    missed: maximum_missed_fraction,
    leastSnr,
  });
  const missed = missedCriterion({ call, evidence, detected }, limits);
  return {
    call,
    criteria: [missed, ...atMoments],
    owners: { whose, sure: true, kept: keptShare(evidence) },
    testimony: evidence,
    bounds: boundsOf(missed, call),
  };
}

const tooFaint = (snr: number, least: number): string =>
  `its matched-filter SNR for this cell is ${decimal(snr)}, under ${decimal(least)}`;

const TWO_CELLS = 'two cells fired the spikes, and it may see the other one elsewhere';

/** The test keeps 95 % of the cell's spikes by score and shape, and of these 95 % by their place: if fewer pass, some are not the cell's. */
const LEAST_KEPT = 0.8;

function keptShare({ spikes, unseen, passing }: ArrayTestimony): Share | null {
  if (!(passing >= LEAST_KEPT * (spikes - unseen))) return null;
  return shareOf(passing, spikes - unseen);
}

/** An array that leaves the missed share open, and is too faint to say more, widens no interval. */
function boundsOf({ low, high, outcome }: Criterion, call: ArrayCall): ArrayBounds | null {
  if (outcome === 'unasked') return null;
  return { low: low ?? 0, high, confirms: call === 'complete' };
}

const WHY: { readonly [silent: string]: string } = {
  'no waveform': 'no electrode has both noise and a waveform of the cell',
  'one electrode': 'one electrode alone cannot tell the shape of this cell from another’s',
  'equal electrodes':
    'its electrodes all record the same, and one alone cannot tell the shape of this cell from another’s',
  'too few spikes': 'fewer than 30 spikes are too few to learn the cell’s waveform from',
  'no quiet stretch': 'no stretch without spikes shows the noise',
  'spikes not seen': 'it shows less than half of the spikes: it does not see this cell, or is another recording’s',
  shifted: 'it shows the cell’s waveform more than 1 ms from the pipette’s spikes: one of the two is shifted',
  'seen for a part':
    'it shows the spikes for a part of the time only: it is shifted or was off for the rest, or the pipette held another cell',
  'clocks differ': 'its clock differs from the pipette’s',
  'not recording': 'its best electrode records nothing for a part of the time: it was off, or saturated',
};

function unasked(why: string, { maximum_missed_fraction, maximum_false_spikes }: VerdictLimits): Heard {
  const reason = `the array is not asked: ${why}`;
  return {
    call: 'cannot tell',
    criteria: [
      notAsked('array_missed', maximum_missed_fraction, reason),
      notAsked('false_spikes', maximum_false_spikes, reason),
      notAsked('second_cell', maximum_false_spikes, reason),
    ],
    owners: null,
    testimony: null,
    bounds: null,
  };
}

/** Spikes that the array does not show for a time raise a doubt, be it the array's fault or the pipette's. */
const inDoubt = (criterion: Criterion): Criterion =>
  criterion.criterion === 'false_spikes' ? { ...criterion, outcome: 'unknown' } : criterion;

interface Missed {
  readonly call: ArrayCall;
  readonly evidence: ArrayTestimony;
  readonly detected: Detected;
}

function missedCriterion({ call, evidence, detected }: Missed, limits: VerdictLimits): Criterion {
  const { maximum_missed_fraction: limit, window } = limits;
  const { samplingRate, length } = detected;
  const { low, ...missed } = arrayMissed(evidence.counts);
  const sure = call === 'complete' || call === 'missing';
  // All of them may be the cell's own: other cells' events cannot be told from its.
  const most = sure ? missed.high : Math.max(missed.high, missed.highWithoutControl);
  const high = missed.bursts ? null : most;
  const value = Math.max(low, missed.estimate);
  const between =
    high === null
      ? ` (at least ${percent(low)}; the smallest spikes of bursts are lost on the array too)`
      : interval(low, high);
  const worst = worstOnArray(evidence, length, window * samplingRate);
  const dip = worst !== undefined && worst.low > limit ? worst : undefined;
  const where = dip === undefined ? '' : `; most of them ${stretchWords(dip, samplingRate)}`;
  const reason = `${countsOf(evidence)}: ${percent(value)} of the spikes are missing${between}, ${whyCalled(call, evidence, limit)}${where}`;
  const outcome = dip !== undefined && call === 'complete' ? 'doubtful' : outcomeOf(call, evidence.snr);
  const brief =
    dip !== undefined && call === 'complete'
      ? `the array shows ${roughPercent(dip.estimate, limit)} of the spikes missing ${span(dip, samplingRate)}`
      : `according to the array ${missedClause({ value, high, limit })}`;
  return { criterion: 'array_missed', value, low, high, limit, passesAt: most, outcome, brief, reason };
}

function outcomeOf(call: ArrayCall, snr: number): Outcome {
  switch (call) {
    case 'complete':
      return 'passed';
    case 'missing':
      return 'failed';
    case 'in doubt':
      return 'doubtful';
    case 'cannot tell':
      return snr >= SURE_SNR ? 'doubtful' : 'unasked';
  }
}

function countsOf({ counts }: ArrayTestimony): string {
  const { matched, unmatched, following, preceding } = counts;
  const bursts =
    following > preceding
      ? `; smaller events follow the pipette's spikes ${times(following)} and precede them ${times(preceding)}`
      : '';
  return `the array shows the cell ${times(matched)} with a spike of the pipette and ${times(unmatched)} without${bursts}`;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

function whyCalled(call: ArrayCall, { counts, snr }: ArrayTestimony, limit: number): string {
  const limited = `limit ${limitPercent(limit)}`;
  switch (call) {
    case 'complete':
      return limited;
    case 'missing':
      return `over the limit of ${limitPercent(limit)}`;
    case 'in doubt':
      return `${limited}; the cell fires too rarely to tell its events from other cells’`;
    case 'cannot tell':
      return `${limited}; these may be other cells’: ${counts.refractory} lie where this cell cannot fire (matched-filter SNR ${decimal(snr)})`;
  }
}

const span = ({ start, end }: Pick<ArrayStretch, 'start' | 'end'>, samplingRate: number): string =>
  `from ${decimal(start / samplingRate)} to ${decimal(end / samplingRate)} s`;

const stretchWords = ({ start, end, estimate, low, high }: ArrayStretch, samplingRate: number): string =>
  `${span({ start, end }, samplingRate)}, ${percentNumber(estimate)} % there ` +
  `(99.7 % interval ${percentNumber(low)} to ${percent(high)})`;

/** The share of the pipette's spikes at which the array shows nothing of the cell: artefacts, or a cell elsewhere. */
function falseSpikes(unseen: number, spikes: number, limit: number): Criterion {
  const share = shareOf(unseen, spikes);
  const outcome = shareOutcome(share, limit);
  const reason =
    `the array does not show the cell at ${percent(share.value)} of the spikes${interval(share.low, share.high)}, ` +
    (outcome === 'passed'
      ? `limit ${limitPercent(limit)}`
      : `over the limit of ${limitPercent(limit)}: artefacts, or another cell’s spikes`);
  const brief = `the array does not show the cell at ${roughPercent(share.value, limit)} of the spikes ${limitInBrackets(limit)}`;
  return { criterion: 'false_spikes', ...share, limit, passesAt: share.value, outcome, brief, reason };
}

/** Groups this far apart, with so little between them, are two cells; one cell split in two has a D of 2.7. */
const LEAST_SEPARATION = 4;
const MOST_VALLEY = 0.5;

function secondCell(groups: ArrayTestimony['groups'], spikes: number, limit: number): Criterion {
  const criterion = 'second_cell';
  if (groups === null) {
    return notAsked(criterion, limit, 'too few spikes to tell whether two cells fired them');
  }
  const { separation, valley, share } = groups;
  if (!(separation > LEAST_SEPARATION && valley < MOST_VALLEY)) {
    const reason = `by their shape on the array the spikes are of one cell (Ashman’s D ${decimal(separation)})`;
    return measured(criterion, 0, limit, { passed: true, over: 'failed', brief: 'the spikes are of one cell', reason });
  }
  const { value, low, high } = shareOf(Math.round(share * spikes), spikes);
  const passed = value <= limit;
  const reason =
    `by their shape on the array ${percent(value)} of the spikes${interval(low, high)} are of a second cell ` +
    `(Ashman’s D ${decimal(separation)}), ${passed ? '' : 'over the '}limit ${limitPercent(limit)}`;
  const brief = `the array shows ${roughPercent(value, limit)} of the spikes to be a second cell's ${limitInBrackets(limit)}`;
  return { criterion, value, low, high, limit, passesAt: value, outcome: passed ? 'passed' : 'failed', brief, reason };
}
