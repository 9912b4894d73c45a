/** Criteria on what the array, which recorded the same cell, shows of the pipette's spikes and without them. */
import { shareOf } from '../signal/share.ts';
import { arrayMissed, type Counts } from '../witness/capture-recapture.ts';
import { type ArrayCall, arrayCall } from './array-call.ts';
import { type Criterion, measured, notAsked } from './criterion.ts';
import { decimal, interval, limitPercent, percent, percentPassing } from './words.ts';

/** What `witness` measured; `silent` says why it could not. */
export type ArrayEvidence =
  | { readonly silent: string }
  | {
      readonly silent: null;
      readonly snr: number;
      readonly spikes: number;
      readonly unseen: number;
      /** Null with too few spikes to see groups in. */
      readonly groups: { readonly separation: number; readonly valley: number; readonly share: number } | null;
      readonly counts: Counts;
    };

export interface ArrayLimits {
  readonly leastSnr: number;
  readonly missed: number;
  readonly falseSpikes: number;
}

const WHY: { readonly [silent: string]: string } = {
  'no waveform': 'no electrode has both noise and a waveform of the cell',
  'one electrode': 'one electrode alone cannot tell the shape of this cell from another’s',
  'too few spikes': 'fewer than 30 spikes are too few to learn the cell’s waveform from',
  'no quiet stretch': 'no stretch without spikes shows the noise',
  'spikes not seen': 'it shows less than half of the spikes: it does not see this cell, or is another recording’s',
};

/** From this SNR on an array that sees a complete recording nearly always says so: where it does not, that is a doubt. */
const SURE_SNR = 12;

/** `array_missed`, `false_spikes` and `second_cell`, and what the array says of the missed spikes as a whole. */
export function arrayCriteria(
  evidence: ArrayEvidence,
  limits: ArrayLimits,
): { readonly call: ArrayCall; readonly criteria: readonly Criterion[] } {
  const why = unaskedBecause(evidence, limits);
  if (why !== null || evidence.silent !== null) {
    const reason = `the array is not asked: ${why}`;
    return {
      call: 'cannot tell',
      criteria: [
        notAsked('array_missed', limits.missed, reason),
        notAsked('false_spikes', limits.falseSpikes, reason),
        notAsked('second_cell', limits.falseSpikes, reason),
      ],
    };
  }
  const { counts, snr, unseen, spikes, groups } = evidence;
  const call = arrayCall(counts, arrayMissed(counts), snr, limits);
  return {
    call,
    criteria: [
      missedCriterion(call, counts, snr, limits),
      falseSpikes(unseen, spikes, limits.falseSpikes),
      secondCell(groups, spikes, limits.falseSpikes),
    ],
  };
}

function unaskedBecause(evidence: ArrayEvidence, { leastSnr }: ArrayLimits): string | null {
  if (evidence.silent !== null) return WHY[evidence.silent] ?? evidence.silent;
  if (evidence.snr >= leastSnr) return null;
  return `its matched-filter SNR for this cell is ${decimal(evidence.snr)}, under ${decimal(leastSnr)}`;
}

function missedCriterion(call: ArrayCall, counts: Counts, snr: number, { missed: limit }: ArrayLimits): Criterion {
  const { estimate: value, low, high } = arrayMissed(counts);
  const said =
    `the array shows the cell ${counts.matched} times with a spike of the pipette and ${counts.unmatched} times without: ` +
    `${percent(value)} are missing${interval(low, high)}`;
  const limited = `limit ${limitPercent(limit)}`;
  const [outcome, reason] = (
    {
      complete: ['passed', `${said}, ${limited}`],
      missing: ['failed', `${said}, over the ${limited} (${percentPassing(high)} would pass)`],
      'in doubt': ['doubtful', `${said}, ${limited}; the cell fires too rarely to tell its events from other cells’`],
      'cannot tell': [
        snr >= SURE_SNR ? 'doubtful' : 'unasked',
        `${said}, ${limited}; these may be other cells’: ${counts.refractory} lie where this cell cannot fire`,
      ],
    } as const
  )[call];
  return { criterion: 'array_missed', value, low, high, limit, passesAt: high, outcome, reason };
}

/** The share of the pipette's spikes at which the array shows nothing of the cell: artefacts, or a cell elsewhere. */
function falseSpikes(unseen: number, spikes: number, limit: number): Criterion {
  const share = shareOf(unseen, spikes);
  const passed = share.value <= limit;
  const over = share.low > limit ? 'failed' : 'doubtful';
  const reason =
    `the array does not show the cell at ${percent(share.value)} of the spikes${interval(share.low, share.high)}, ` +
    (passed
      ? `limit ${limitPercent(limit)}`
      : `over the limit of ${limitPercent(limit)} (${percentPassing(share.value)} would pass): artefacts, or another cell’s spikes`);
  const outcome = passed ? 'passed' : over;
  return { criterion: 'false_spikes', ...share, limit, passesAt: share.value, outcome, reason };
}

/** Groups this far apart, with so little between them, are two cells; one cell split in two has a D of 2.7. */
const LEAST_SEPARATION = 4;
const MOST_VALLEY = 0.5;

function secondCell(
  groups: { readonly separation: number; readonly valley: number; readonly share: number } | null,
  spikes: number,
  limit: number,
): Criterion {
  const criterion = 'second_cell';
  if (groups === null) {
    return notAsked(criterion, limit, 'whether two cells fired the spikes cannot be told: too few spikes');
  }
  const { separation, valley, share } = groups;
  const two = separation > LEAST_SEPARATION && valley < MOST_VALLEY;
  if (!two) {
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
