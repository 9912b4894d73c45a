/** Derives the verdict from the criteria, and says it in a single sentence. */
import { factsOfCriterion } from './criteria.ts';
import type { Criterion } from './criterion.ts';
import { percent, roughPercent } from './words.ts';

export interface Verdict {
  readonly verdict: 'accept' | 'borderline' | 'reject';
  /** A single sentence in plain words; `reason` of each criterion has the details. */
  readonly reason: string;
}

/** The verdict follows from the criteria and from nothing else. */
export function judge(criteria: readonly Criterion[]): Verdict {
  const failed = criteria.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) return { verdict: 'reject', reason: whyRejected(failed) };
  const doubts = criteria.filter(({ outcome }) => outcome === 'doubtful' || outcome === 'unknown');
  if (doubts.length > 0) return { verdict: 'borderline', reason: whyInDoubt(doubts) };
  return { verdict: 'accept', reason: whyAccepted(criteria) };
}

/** Criteria that all count missing spikes, the best count first. The sentence gives the first of them that failed. */
const COUNTS_OF_MISSED: readonly string[] = [
  'missed_fraction',
  'array_missed',
  'missed_fraction_in_windows',
  'tail_below_threshold',
  'worst_window',
];

const COUNTS_OVER_ALL: readonly string[] = ['missed_fraction', 'missed_fraction_in_windows', 'tail_below_threshold'];

/**
 * Gives the clearest failure, then the missing share. If the clearest failure is itself a missing share, the next clearest
 * failure of another kind follows. A failure of a single window comes last: it says little about the recording.
 */
function whyRejected(failed: readonly Criterion[]): string {
  const inWindow = failed.filter(({ criterion }) => criterion === 'worst_window');
  const whole = failed.filter((criterion) => !inWindow.includes(criterion));
  const [clearest, ...others] = [...byClarity(whole), ...inWindow] as [Criterion, ...Criterion[]];
  const counted = (criterion: Criterion) => COUNTS_OF_MISSED.includes(criterion.criterion);
  const missed = counted(clearest)
    ? undefined
    : COUNTS_OF_MISSED.flatMap((name) => others.filter(({ criterion }) => criterion === name))[0];
  const second = missed ?? others.find((criterion) => !counted(criterion));
  const clauses = [clearest.brief, ...(second ? [second === missed ? shareMissing(second) : second.brief] : [])];
  return enumerated(clauses, moreThan(failed.length - clauses.length, ['criterion failed', 'criteria failed']));
}

/** Gives the two clearest doubts, and the advice of the first of them that has any. */
function whyInDoubt(doubts: readonly Criterion[]): string {
  const told = byClarity(doubts).filter(isFirstCount).slice(0, 2);
  const decides = told
    .filter(({ outcome }) => outcome === 'doubtful')
    .map(({ criterion }) => factsOfCriterion(criterion).toDecide)
    .find((advice) => advice !== undefined);
  const clauses = told.map(({ brief }) => brief);
  const worries = enumerated(clauses, moreThan(doubts.length - told.length, ['doubt', 'doubts']));
  return decides === undefined ? worries : `${worries}; to decide, ${decides}`;
}

/** The pipette's counts over the whole recording differ by little: the sentence has the first of them. */
function isFirstCount(doubt: Criterion, at: number, doubts: readonly Criterion[]): boolean {
  const isCount = ({ criterion }: Criterion) => COUNTS_OVER_ALL.includes(criterion);
  return !isCount(doubt) || doubts.findIndex(isCount) === at;
}

function whyAccepted(criteria: readonly Criterion[]): string {
  const of = (name: Criterion['criterion']) => criteria.find(({ criterion }) => criterion === name);
  const spikes = of('spike_count')?.value ?? 0;
  const edge = of('edge_fraction');
  const missed = of('missed_fraction')?.value ?? null;
  const array = of('array_missed')?.outcome;
  const words = [
    spikes === 1 ? '1 spike' : `${spikes} spikes`,
    atThreshold(edge),
    ...(missed === null ? [] : [missed === 0 ? 'none missing' : `${percent(missed)} missing`]),
  ].join(', ');
  if (array === undefined) return words;
  return `${words}; ${array === 'passed' ? 'the array agrees' : 'the array cannot tell'}`;
}

function atThreshold(edge: Criterion | undefined): string {
  if (edge === undefined || edge.value === 0) return 'clear of the threshold';
  return (edge.value ?? 0) <= edge.limit ? 'hardly any at the threshold' : 'some of them at the threshold';
}

/** Sorts by how many times a value, or else the end of its interval, is over the limit; criteria without a value come last. */
function byClarity(criteria: readonly Criterion[]): readonly Criterion[] {
  return criteria.toSorted((a, b) => timesOver(b) - timesOver(a));
}

function timesOver({ criterion, value, low, high, limit }: Criterion): number {
  const isAtMost = factsOfCriterion(criterion).side === 'at most';
  const found = isAtMost && value !== null && value <= limit ? (high ?? value) : (value ?? low);
  if (found === null || Number.isNaN(found)) return 0;
  const [over, under] = isAtMost ? [found, limit] : [limit, found];
  return under > 0 ? over / under : Number.MAX_VALUE;
}

/** The share of missing spikes with its interval, as a second clause: the first clause names the spikes. */
function shareMissing({ criterion, value, low, high, limit, brief }: Criterion): string {
  if (value === null || criterion === 'worst_window') return brief;
  const share = roughPercent(value, limit);
  return `${share} are missing${between(share, { low, high, limit })}`;
}

function between(share: string, { low, high, limit }: Pick<Criterion, 'low' | 'high' | 'limit'>): string {
  if (low === null) return '';
  const least = roughPercent(low, limit);
  if (high === null) return least === share ? '' : ` (at least ${least})`;
  return ` (${least.replace(' %', '')} to ${roughPercent(high, limit)})`;
}

const moreThan = (count: number, [one, many]: readonly [string, string]): readonly string[] =>
  count === 0 ? [] : [`${count} more ${count === 1 ? one : many}`];

/** Joins clauses: A, B, and C. */
function enumerated(clauses: readonly string[], more: readonly string[]): string {
  const all = [...clauses, ...more];
  return all.length === 1 ? `${all[0]}` : `${all.slice(0, -1).join(', ')}, and ${all.at(-1)}`;
}
