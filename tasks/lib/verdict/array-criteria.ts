/** Criteria on what the array, which recorded the same cell, shows of the pipette's spikes and without them. */
import { shareOf } from '../signal/share.ts';
import { arrayMissed } from '../witness/capture-recapture.ts';
import { type ArrayCall, arrayCall } from './array-call.ts';
import type { ArrayEvidence, ArrayTestimony } from './array-evidence.ts';
import { type ArrayStretch, worstOnArray } from './array-stretches.ts';
import { type Criterion, measured, notAsked, type Outcome, shareOutcome } from './criterion.ts';
import type { VerdictLimits } from './limits.ts';
import type { Detected } from './recorded.ts';
import { decimal, interval, limitPercent, percent, percentNumber, percentPassing } from './words.ts';

/** The array heard: what it says as a whole, its criteria, and what the pipette's criteria take from it. */
export interface Heard {
  readonly call: ArrayCall;
  readonly criteria: readonly Criterion[];
  /** Null where the array is not asked. */
  readonly testimony: ArrayTestimony | null;
  /** The largest share of missed spikes that a complete recording may have; null unless it is called so. */
  readonly atMost: number | null;
}

/** From this SNR on an array that sees a complete recording nearly always says so: where it does not, that is a doubt. */
const SURE_SNR = 12;

/** `array_missed`, `false_spikes` and `second_cell`. */
export function hearArray(evidence: ArrayEvidence, detected: Detected, limits: VerdictLimits): Heard {
  const { maximum_missed_fraction, maximum_false_spikes, minimum_array_snr: leastSnr } = limits;
  if (evidence.silent !== null) return unasked(WHY[evidence.silent] ?? evidence.silent, limits);
  const { counts, snr, unseen, spikes, groups } = evidence;
  if (!(snr >= leastSnr)) {
    return unasked(`its matched-filter SNR for this cell is ${decimal(snr)}, under ${decimal(leastSnr)}`, limits);
  }
  const second = secondCell(groups, spikes, maximum_false_spikes);
  const unseenShare = falseSpikes(unseen, spikes, maximum_false_spikes);
  if (second.outcome === 'failed') {
    const reason =
      'what the pipette missed cannot be asked of the array: two cells fired the spikes, and it may see the other one elsewhere';
    const missed = notAsked('array_missed', maximum_missed_fraction, reason);
    return { call: 'cannot tell', criteria: [missed, unseenShare, second], testimony: evidence, atMost: null };
  }
  const missed = arrayMissed(counts);
  const call = arrayCall(counts, missed, snr, { missed: maximum_missed_fraction, leastSnr });
  const worst = worstOnArray(evidence, detected.length, limits.window * detected.samplingRate);
  const { samplingRate } = detected;
  return {
    call,
    criteria: [missedCriterion({ call, evidence, worst, samplingRate }, maximum_missed_fraction), unseenShare, second],
    testimony: evidence,
    atMost: call === 'complete' ? missed.high : null,
  };
}

const WHY: { readonly [silent: string]: string } = {
  'no waveform': 'no electrode has both noise and a waveform of the cell',
  'one electrode': 'one electrode alone cannot tell the shape of this cell from another’s',
  'equal electrodes':
    'its electrodes all record the same, and one alone cannot tell the shape of this cell from another’s',
  'too few spikes': 'fewer than 30 spikes are too few to learn the cell’s waveform from',
  'no quiet stretch': 'no stretch without spikes shows the noise',
  'spikes not seen': 'it shows less than half of the spikes: it does not see this cell, or is another recording’s',
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
    testimony: null,
    atMost: null,
  };
}

interface Missed {
  readonly call: ArrayCall;
  readonly evidence: ArrayTestimony;
  readonly worst: ArrayStretch | undefined;
  readonly samplingRate: number;
}

function missedCriterion({ call, evidence, worst, samplingRate }: Missed, limit: number): Criterion {
  const { counts, snr } = evidence;
  const { low, ...missed } = arrayMissed(counts);
  const sure = call === 'complete' || call === 'missing';
  // Where other cells' events cannot be told from the cell's, all of them may be its own.
  const most = sure ? missed.high : Math.max(missed.high, missed.highWithoutControl);
  const high = missed.bursts ? null : most;
  const value = Math.max(low, missed.estimate);
  const dip = worst !== undefined && worst.low > limit ? worst : undefined;
  const between =
    high === null
      ? ` (at least ${percent(low)}; the smallest spikes of bursts are lost on the array too)`
      : interval(low, high);
  const reason = `${countsOf(evidence)}: ${percent(value)} are missing${between}, ${whyCalled(call, evidence, limit)}`;
  const where = dip === undefined ? '' : `; most of them ${stretchWords(dip, samplingRate)}`;
  const outcome = dip !== undefined && call === 'complete' ? 'doubtful' : outcomeOf(call, snr);
  return { criterion: 'array_missed', value, low, high, limit, passesAt: most, outcome, reason: reason + where };
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
    following > preceding ? `, and ${following} smaller spikes after the pipette's against ${preceding} before` : '';
  return `the array shows the cell ${matched} times with a spike of the pipette and ${unmatched} times without${bursts}`;
}

function whyCalled(call: ArrayCall, { counts, snr }: ArrayTestimony, limit: number): string {
  const limited = `limit ${limitPercent(limit)}`;
  const { high } = arrayMissed(counts);
  switch (call) {
    case 'complete':
      return limited;
    case 'missing':
      return `over the ${limited} (${percentPassing(high)} would pass)`;
    case 'in doubt':
      return `${limited}; the cell fires too rarely to tell its events from other cells’`;
    case 'cannot tell':
      return `${limited}; these may be other cells’: ${counts.refractory} lie where this cell cannot fire (matched-filter SNR ${decimal(snr)})`;
  }
}

const stretchWords = ({ start, end, estimate, low, high }: ArrayStretch, samplingRate: number): string =>
  `from ${decimal(start / samplingRate)} to ${decimal(end / samplingRate)} s, ${percentNumber(estimate)} % there ` +
  `(99.7 % interval ${percentNumber(low)} to ${percent(high)})`;

/** The share of the pipette's spikes at which the array shows nothing of the cell: artefacts, or a cell elsewhere. */
function falseSpikes(unseen: number, spikes: number, limit: number): Criterion {
  const share = shareOf(unseen, spikes);
  const outcome = shareOutcome(share, limit);
  const reason =
    `the array does not show the cell at ${percent(share.value)} of the spikes${interval(share.low, share.high)}, ` +
    (outcome === 'passed'
      ? `limit ${limitPercent(limit)}`
      : `over the limit of ${limitPercent(limit)} (${percentPassing(share.value)} would pass): artefacts, or another cell’s spikes`);
  return { criterion: 'false_spikes', ...share, limit, passesAt: share.value, outcome, reason };
}

/** Groups this far apart, with so little between them, are two cells; one cell split in two has a D of 2.7. */
const LEAST_SEPARATION = 4;
const MOST_VALLEY = 0.5;

function secondCell(groups: ArrayTestimony['groups'], spikes: number, limit: number): Criterion {
  const criterion = 'second_cell';
  if (groups === null) {
    return notAsked(criterion, limit, 'whether two cells fired the spikes cannot be told: too few spikes');
  }
  const { separation, valley, share } = groups;
  if (!(separation > LEAST_SEPARATION && valley < MOST_VALLEY)) {
    const reason = `by their shape on the array the spikes are of one cell (Ashman’s D ${decimal(separation)})`;
    return measured(criterion, 0, limit, { passed: true, over: 'failed', reason });
  }
  const { value, low, high } = shareOf(Math.round(share * spikes), spikes);
  const passed = value <= limit;
  const reason =
    `by their shape on the array ${percent(value)} of the spikes${interval(low, high)} are of a second cell ` +
    `(Ashman’s D ${decimal(separation)}), ${passed ? '' : 'over the '}limit ${limitPercent(limit)}`;
  return { criterion, value, low, high, limit, passesAt: value, outcome: passed ? 'passed' : 'failed', reason };
}
