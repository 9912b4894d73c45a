/** The whole judgement of one recording, from what the steps before measured. Pure: the same for real and synthetic ones. */
import { amplitudeDrift } from '../signal/amplitude-drift.ts';
import { amplitudeModes as modesOf } from '../signal/amplitude-modes.ts';
import { amplitudeSteps, sharpSteps } from '../signal/amplitude-step.ts';
import { edgeFraction } from '../signal/edge-fraction.ts';
import { explainedSilence } from '../signal/explained-silence.ts';
import { gapsOf } from '../signal/gaps.ts';
import { type MissedInWindows, missedInWindows } from '../signal/missed-in-windows.ts';
import { shareOf } from '../signal/share.ts';
import { shortIntervals as countShortIntervals } from '../signal/short-intervals.ts';
import { stretchesOf } from '../signal/stretches.ts';
import type { Tail } from '../signal/tail-below-threshold.ts';
import { missedFraction, shareWithin } from '../signal/truncated-gaussian.ts';
import { type Window, windowsOf } from '../signal/windows.ts';
import { acceptedPeriods, type Period } from './accepted-periods.ts';
import { amplitudeDriftCriterion, amplitudeModes, amplitudeStep } from './amplitude.ts';
import type { Criterion } from './criterion.ts';
import { shortIntervals, spikeCount, thresholdHeight } from './detection.ts';
import { judge, type Verdict } from './judge.ts';
import type { VerdictLimits } from './limits.ts';
import { type Fit, missingSpikes } from './missing-spikes.ts';
import { longestSilence, presence } from './presence.ts';
import { type AuthorsAgreement, arrayLag, authorsAgreement, type Lag, peakSnr } from './second-witness.ts';
import { isSound, WINDOW_Z, type WindowEvidence, worstWindow } from './worst-window.ts';

/** What the pipette's trace gave. Spikes in order of time, in samples; heights in the trace's own unit. */
export interface Detected {
  readonly spikes: Float64Array;
  /** Each spike's height less that of the detection level. */
  readonly beyond: Float64Array;
  /** Height of the detection level over the baseline. */
  readonly level: number;
  readonly mad: number;
  readonly length: number;
  readonly samplingRate: number;
}

/** What others saw of the same spikes; undefined where nobody looked. */
export interface SecondWitnesses {
  readonly tail?: Tail | null;
  readonly peakSnr?: number | null;
  readonly lag?: Lag;
  readonly authors?: AuthorsAgreement;
}

export interface JudgedWindow extends Window {
  readonly evidence: WindowEvidence;
  readonly sound: boolean;
}

export interface Judgement extends Verdict {
  readonly criteria: readonly Criterion[];
  /** Back to back over the recording; none where no fit is possible. */
  readonly windows: readonly JudgedWindow[];
  readonly acceptedPeriods: readonly Period[];
}

/** Fewest spikes of a stretch that is looked at for a dip: with 10, half of them missing shows. */
const STRETCH_SPIKES = 10;

export function judgeRecording(detected: Detected, others: SecondWitnesses, limits: VerdictLimits): Judgement {
  const { spikes, beyond, level, mad, length, samplingRate } = detected;
  const heights = beyond.map((distance) => distance + level);
  const missing = {
    edge: limits.maximum_edge_fraction,
    missed: limits.maximum_missed_fraction,
    interval: limits.maximum_missed_interval,
  };
  const width = limits.window * samplingRate;
  const windows = windowsOf(spikes, length, width, limits.window_spikes);
  const fit = spikes.length < 3 ? null : missedInWindows(beyond, windows);
  const evidenceIn = ({ start, end, first, last }: Window, z: number): WindowEvidence[] =>
    fit === null
      ? []
      : [
          {
            start: start / samplingRate,
            end: end / samplingRate,
            edge: edgeFraction(beyond.subarray(first, last), mad, z),
            missed: fit.of(first, last, z),
          },
        ];
  const stretches = stretchesOf(spikes, length, width, STRETCH_SPIKES).flatMap((at) => evidenceIn(at, WINDOW_Z));

  const explained = explainedSilence(
    spikes.length,
    length / samplingRate,
    limits.maximum_silence_times,
    limits.maximum_silence,
  );
  const gaps = gapsOf(spikes, length);
  const silent = gaps.filter(({ start, end }) => end - start > explained * samplingRate);
  const intervals = spikes.length < 2 ? null : countShortIntervals(spikes, samplingRate / 1000);
  const steps = amplitudeSteps(heights).map((step) => ({ ...step, at: spikes[step.row] as number }));

  const wholeRecording = [
    spikeCount(spikes.length, limits.minimum_spikes),
    thresholdHeight(level, mad, limits.minimum_threshold_height),
    shortIntervals(intervals === null ? null : shareOf(intervals, spikes.length - 1), limits.maximum_short_intervals),
    ...(others.peakSnr === undefined ? [] : [peakSnr(others.peakSnr, limits.minimum_peak_snr)]),
    ...(others.lag === undefined ? [] : [arrayLag(others.lag, samplingRate, limits.maximum_array_lag)]),
  ];
  const amplitude = [
    amplitudeModes(modesOf(beyond), limits.maximum_amplitude_modes),
    amplitudeStep(steps, samplingRate, mad, limits.maximum_amplitude_step),
    amplitudeDriftCriterion(amplitudeDrift(heights, windows), mad, limits.maximum_amplitude_drift),
  ];
  const criteria = [
    ...wholeRecording.slice(0, 2),
    ...missingSpikes(
      {
        edge: edgeFraction(beyond, mad),
        overall: overallFit(beyond, level, mad),
        inWindows: windowsFit(fit, spikes.length, mad),
        tail: others.tail ?? null,
      },
      missing,
    ),
    worstWindow(fit === null ? null : stretches, missing),
    longestSilence(gaps, samplingRate, explained),
    presence(silent, length, limits.minimum_presence),
    ...amplitude,
    ...wholeRecording.slice(2),
    ...(others.authors === undefined ? [] : authorsAgreement(others.authors, limits.minimum_authors_agreement)),
  ];
  const verdict = judge(criteria);
  const judged = windows.flatMap((at) =>
    evidenceIn(at, WINDOW_Z).map((evidence) => ({ ...at, evidence, sound: isSound(evidence, missing) })),
  );
  // A fault of the whole recording leaves no stretch of it sound.
  const usable = wholeRecording.every(({ outcome }) => outcome !== 'failed');
  const sharp = sharpSteps(steps, limits.maximum_amplitude_step);
  const holdsStep = ({ first, last }: Window) => sharp.some(({ row }) => row > first && row < last);
  const periods =
    verdict.verdict === 'accept'
      ? [{ start: 0, end: length }]
      : acceptedPeriods(
          usable ? judged.filter((window) => window.sound && !holdsStep(window)) : [],
          silent,
          limits.minimum_period * samplingRate,
        );
  return { ...verdict, criteria, windows: judged, acceptedPeriods: periods };
}

function overallFit(beyond: Float64Array, level: number, mad: number): Fit {
  const fit = missedFraction(beyond, level);
  if (fit.kind !== 'estimated') return fit;
  return { ...fit, expectedAtEdge: shareWithin((level - fit.mean) / fit.sd, mad / fit.sd) };
}

function windowsFit(fit: MissedInWindows | null, spikes: number, mad: number): Fit {
  if (fit === null) return spikes < 3 ? { kind: 'too-few-spikes' } : { kind: 'mode-at-threshold', atLeast: null };
  return { kind: 'estimated', ...fit.pooled, expectedAtEdge: fit.expectedWithin(mad) };
}
