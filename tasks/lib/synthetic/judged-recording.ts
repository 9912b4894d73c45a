import { amplitudeCutoff } from '../signal/amplitude-cutoff.ts';
import { uncutGaussian } from '../signal/uncut-gaussian.ts';
import type { Criterion } from '../verdict/criterion.ts';
import type { Verdict } from '../verdict/judge.ts';
import { judgeRecording } from '../verdict/judge-recording.ts';
import type { VerdictLimits } from '../verdict/limits.ts';
import type { SyntheticRecording } from './synthetic-recording.ts';

/** What is known of a synthetic recording, and what the verdict and the single measures say of it. */
export interface JudgedRecording {
  readonly spikes: number;
  /** True share of the spikes that the threshold hid. */
  readonly missed: number;
  readonly missedFraction: Criterion;
  readonly inWindows: Criterion;
  readonly edge: Criterion;
  readonly worstWindow: Criterion;
  readonly amplitudeCutoff: number | null;
  readonly uncutGaussian: number | null;
  readonly verdict: Verdict['verdict'];
  /** Names of the criteria that decided. */
  readonly deciding: readonly string[];
}

export function judgeSynthetic(recording: SyntheticRecording, limits: VerdictLimits): JudgedRecording {
  const { verdict, criteria } = judgeRecording(recording, {}, limits);
  const named = new Map(criteria.map((criterion) => [criterion.criterion, criterion]));
  const decisive = verdict === 'reject' ? ['failed'] : ['doubtful', 'unknown'];
  return {
    spikes: recording.spikes.length,
    missed: recording.missed,
    missedFraction: named.get('missed_fraction') as Criterion,
    inWindows: named.get('missed_fraction_in_windows') as Criterion,
    edge: named.get('edge_fraction') as Criterion,
    worstWindow: named.get('worst_window') as Criterion,
    amplitudeCutoff: amplitudeCutoff(recording.beyond),
    uncutGaussian: uncutGaussian(recording.beyond),
    verdict,
    deciding: criteria.filter(({ outcome }) => decisive.includes(outcome)).map(({ criterion }) => criterion),
  };
}
