/** Judges a recording from the measures of the steps before. Pure: the same for real and synthetic recordings. */
import { amplitudeDrift } from '../spikes/amplitude-drift.ts';
import { amplitudeModes as modesOf } from '../spikes/amplitude-modes.ts';
import { amplitudeSteps } from '../spikes/amplitude-step.ts';
import { clippedShare } from '../spikes/clipped-share.ts';
import { contamination } from '../spikes/contamination.ts';
import { doubleDetections } from '../spikes/double-detections.ts';
import { gapsOf } from '../spikes/gaps.ts';
import { shortIntervals as countShortIntervals } from '../spikes/short-intervals.ts';
import { shareOf } from '../statistics/share.ts';
import type { Period } from './accepted-periods.ts';
import { amplitudeDriftCriterion, amplitudeModes, amplitudeStep } from './amplitude.ts';
import { type Heard, hearArray } from './array-criteria.ts';
import type { ArrayEvidence } from './array-evidence.ts';
import type { Criterion } from './criterion.ts';
import { shortIntervals, spikeCount, thresholdHeight } from './detection.ts';
import type { MissingLimits } from './edge-fraction.ts';
import { clipping, doubleDetection, noiseChange, refractoryContamination } from './faults.ts';
import { type Heights, measureHeights } from './heights.ts';
import { judge, type Verdict } from './judge.ts';
import type { VerdictLimits } from './limits.ts';
import { missingSpikes } from './missing-spikes.ts';
import { type JudgedWindow, judgedWindows, soundPeriods } from './periods.ts';
import { longestSilence, presence, shortSilences } from './presence.ts';
import type { Detected, SecondWitnesses } from './recorded.ts';
import { type HeardSilences, hearSilences } from './silences.ts';
import { arrayLag, authorsAgreement, peakSnr } from './snr-lag-authors.ts';
import { type BelowThreshold, belowThreshold, missedInEach } from './tail-owner.ts';
import { combined } from './two-witnesses.ts';
import { worstWindow } from './worst-window.ts';

export interface Judgement extends Verdict {
  readonly criteria: readonly Criterion[];
  /** Back to back over the recording; empty if no fit is possible. */
  readonly windows: readonly JudgedWindow[];
  readonly acceptedPeriods: readonly Period[];
}

/** Seconds after a spike in which `detect` finds no other spike: half a peak's width. */
const CENSORED = 0.0005;

export function judgeRecording(detected: Detected, others: SecondWitnesses, limits: VerdictLimits): Judgement {
  const held = heldCriteria(detected, others, limits);
  const array = others.array === undefined ? null : hearArray(heardOf(others.array, held), detected, limits);
  const below = others.tail === undefined ? null : belowThreshold(others.tail, array?.owners ?? null);
  const heights = measureHeights(detected, below, limits);
  const silences = hearSilences(detected, array, limits);
  const counted = countedCriteria(detected, limits);
  const pipette = [
    ...counted,
    ...missingCriteria({ heights, below, silences, array }, limits),
    ...silenceCriteria(detected, silences, limits),
    ...amplitudeCriteria(detected, heights, limits),
    ...held,
    ...faultCriteria(detected, others, limits),
  ];
  const criteria = array === null ? pipette : combined(pipette, array);
  const verdict = judge(criteria);
  const windows = judgedWindows(heights, missingLimits(limits), array?.testimony ?? null);
  const faultless = [...counted, ...held].every(({ outcome }) => outcome !== 'failed');
  const acceptedPeriods = soundPeriods(detected, { windows, silences, faultless, verdict: verdict.verdict }, limits);
  return { ...verdict, criteria, windows, acceptedPeriods };
}

/** Criteria whose failure leaves no stretch of the recording sound: these are on the spikes' number and the threshold. */
const countedCriteria = ({ spikes, level, mad }: Detected, limits: VerdictLimits): Criterion[] => [
  spikeCount(spikes.length, limits.minimum_spikes),
  thresholdHeight(level, mad, limits.minimum_threshold_height),
];

/** More such criteria: on the kind of the spikes, and on whether the array saw them at their times. */
function heldCriteria(
  { spikes, samplingRate }: Detected,
  { peakSnr: snr, lag, array }: SecondWitnesses,
  limits: VerdictLimits,
): Criterion[] {
  const intervals = spikes.length < 2 ? null : countShortIntervals(spikes, samplingRate / 1000);
  const doubles = doubleDetections(spikes, samplingRate);
  // The noise of a dead electrode is a bit that toggles: its median waveforms show nothing of the cell.
  const dead = array?.silent === 'no waveform';
  return [
    shortIntervals(intervals === null ? null : shareOf(intervals, spikes.length - 1), limits.maximum_short_intervals),
    doubleDetection(doubles, samplingRate, limits.maximum_double_detections),
    ...(snr === undefined ? [] : [peakSnr(snr, limits.minimum_peak_snr)]),
    ...(lag === undefined
      ? []
      : [arrayLag(dead ? { ...lag, lag: null } : lag, samplingRate, limits.maximum_array_lag)]),
  ];
}

/** The array's evidence; none of it counts if the array's clock differs from the pipette's. */
function heardOf(array: ArrayEvidence, held: readonly Criterion[]): ArrayEvidence {
  const slipped = held.some(({ criterion, outcome }) => criterion === 'array_lag' && outcome === 'failed');
  return slipped ? { silent: 'clocks differ' } : array;
}

interface Evidence {
  readonly heights: Heights;
  readonly below: BelowThreshold | null;
  readonly silences: HeardSilences;
  readonly array: Heard | null;
}

function missingCriteria({ heights, below, silences, array }: Evidence, limits: VerdictLimits): Criterion[] {
  const { edge, overall, inWindows, windows, stretches } = heights;
  const seen = below && {
    ...below,
    inWindows: missedInEach(below, windows),
    lost: silences.maybeLost,
    array: array?.bounds ?? null,
  };
  const missing = missingLimits(limits);
  return [...missingSpikes({ edge, overall, inWindows, below: seen }, missing), worstWindow(stretches, missing)];
}

function silenceCriteria(
  { spikes, length, samplingRate }: Detected,
  { silences, word, wordOnShort }: HeardSilences,
  limits: VerdictLimits,
): Criterion[] {
  return [
    longestSilence(gapsOf(spikes, length), silences, samplingRate, word),
    presence(silences.unexplained, length, limits.minimum_presence, word),
    shortSilences(silences.excess, limits.maximum_short_silences, wordOnShort),
  ];
}

function amplitudeCriteria(
  { spikes, beyond, level, mad, samplingRate }: Detected,
  { windows }: Heights,
  limits: VerdictLimits,
) {
  const heights = beyond.map((distance) => distance + level);
  const steps = amplitudeSteps(heights).map((step) => ({ ...step, at: spikes[step.row] as number }));
  return [
    amplitudeModes(modesOf(beyond), limits.maximum_amplitude_modes),
    amplitudeStep(steps, samplingRate, mad, limits.maximum_amplitude_step),
    amplitudeDriftCriterion(amplitudeDrift(heights, windows), mad, limits.maximum_amplitude_drift),
  ];
}

function faultCriteria(
  { spikes, beyond, level, length, samplingRate }: Detected,
  { noiseMads, authors }: SecondWitnesses,
  limits: VerdictLimits,
): Criterion[] {
  const foreign = contamination(spikes, { length, samplingRate, censored: CENSORED * samplingRate });
  return [
    refractoryContamination(foreign, limits.maximum_contamination),
    clipping(clippedShare(beyond.map((distance) => distance + level)), limits.maximum_clipping),
    ...(noiseMads === undefined ? [] : [noiseChange(noiseMads, limits.maximum_noise_change)]),
    ...(authors === undefined ? [] : authorsAgreement(authors, limits.minimum_authors_agreement)),
  ];
}

const missingLimits = (limits: VerdictLimits): MissingLimits => ({
  edge: limits.maximum_edge_fraction,
  missed: limits.maximum_missed_fraction,
  interval: limits.maximum_missed_interval,
});
