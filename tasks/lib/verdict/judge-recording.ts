/** The whole judgement of one recording, from what the steps before measured. Pure: the same for real and synthetic ones. */
import { amplitudeDrift } from '../signal/amplitude-drift.ts';
import { amplitudeModes as modesOf } from '../signal/amplitude-modes.ts';
import { amplitudeSteps, sharpSteps } from '../signal/amplitude-step.ts';
import { clippedShare } from '../signal/clipped-share.ts';
import { contamination } from '../signal/contamination.ts';
import { doubleDetections } from '../signal/double-detections.ts';
import { edgeFraction } from '../signal/edge-fraction.ts';
import { gapsOf } from '../signal/gaps.ts';
import { type Missed, type MissedInWindows, missedInWindows, ofThisRecording } from '../signal/missed-in-windows.ts';
import { shareOf } from '../signal/share.ts';
import { shortIntervals as countShortIntervals } from '../signal/short-intervals.ts';
import { silencesOf } from '../signal/silences.ts';
import { stretchesOf } from '../signal/stretches.ts';
import type { Tail } from '../signal/tail-below-threshold.ts';
import { missedFraction, shareWithin } from '../signal/truncated-gaussian.ts';
import { type Window, windowsOf } from '../signal/windows.ts';
import { acceptedPeriods, type Period } from './accepted-periods.ts';
import { amplitudeDriftCriterion, amplitudeModes, amplitudeStep } from './amplitude.ts';
import { type ArrayEvidence, arrayCriteria } from './array-witness.ts';
import type { Criterion } from './criterion.ts';
import { shortIntervals, spikeCount, thresholdHeight } from './detection.ts';
import { clipping, doubleDetection, noiseChange, refractoryContamination } from './faults.ts';
import type { Fit } from './fit.ts';
import { judge, type Verdict } from './judge.ts';
import type { VerdictLimits } from './limits.ts';
import { missingSpikes } from './missing-spikes.ts';
import { type ArraysWord, longestSilence, presence, shortSilences } from './presence.ts';
import { type AuthorsAgreement, arrayLag, authorsAgreement, type Lag, peakSnr } from './second-witness.ts';
import { heardWithArray } from './two-witnesses.ts';
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
  /** Noise of the trace in windows. */
  readonly noiseMads?: readonly number[];
  /** What the array says of the silences. */
  readonly silences?: ArraysWord;
  readonly peakSnr?: number | null;
  readonly lag?: Lag;
  readonly authors?: AuthorsAgreement;
  readonly array?: ArrayEvidence;
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

/** Seconds after a spike in which `detect` finds no other: half a peak's width. */
const CENSORED = 0.0005;
/** Share of the time in silences of moments from which on no period is sound. */
const SHORT_SILENCES_IN_PERIODS = 0.02;

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
  const tail = others.tail ?? null;
  const missedIn = (at: Window, z: number): Missed | null =>
    tail === null ? (fit?.of(at.first, at.last, z) ?? null) : tail.within(at, z).missed;
  const evidenceIn = (at: Window, z: number): WindowEvidence[] => {
    const missed = missedIn(at, z);
    if (missed === null) return [];
    const edge = edgeFraction(beyond.subarray(at.first, at.last), mad, z);
    return [{ start: at.start / samplingRate, end: at.end / samplingRate, edge, missed, counted: countedAs(tail) }];
  };
  const stretches = stretchesOf(spikes, length, width, STRETCH_SPIKES).flatMap((at) => evidenceIn(at, WINDOW_Z));

  const silences = silencesOf(spikes, {
    length,
    samplingRate,
    times: limits.maximum_silence_times,
    least: limits.maximum_silence,
  });
  const silent = silences.unexplained;
  const word = others.silences ?? 'unknown';
  const shorter = shortSilences(silences.excess, limits.maximum_short_silences, word);
  const intervals = spikes.length < 2 ? null : countShortIntervals(spikes, samplingRate / 1000);
  const steps = amplitudeSteps(heights).map((step) => ({ ...step, at: spikes[step.row] as number }));

  const doubles = doubleDetections(spikes, samplingRate);
  const foreign = contamination(spikes, { length, samplingRate, censored: CENSORED * samplingRate });
  const wholeRecording = [
    spikeCount(spikes.length, limits.minimum_spikes),
    thresholdHeight(level, mad, limits.minimum_threshold_height),
    shortIntervals(intervals === null ? null : shareOf(intervals, spikes.length - 1), limits.maximum_short_intervals),
    doubleDetection(doubles, samplingRate, limits.maximum_double_detections),
    ...(others.peakSnr === undefined ? [] : [peakSnr(others.peakSnr, limits.minimum_peak_snr)]),
    ...(others.lag === undefined ? [] : [arrayLag(others.lag, samplingRate, limits.maximum_array_lag)]),
  ];
  const amplitude = [
    amplitudeModes(modesOf(beyond), limits.maximum_amplitude_modes),
    amplitudeStep(steps, samplingRate, mad, limits.maximum_amplitude_step),
    amplitudeDriftCriterion(amplitudeDrift(heights, windows), mad, limits.maximum_amplitude_drift),
  ];
  const array = others.array && arrayCriteria(others.array, arrayLimits(limits));
  const own = [
    ...wholeRecording.slice(0, 2),
    ...missingSpikes(
      {
        edge: edgeFraction(beyond, mad),
        overall: overallFit(beyond, level, mad),
        inWindows: windowsFit(fit, spikes.length, mad),
        tail: tail && { ...tail, inWindows: pooled(tail, windows) },
        lost: silent.length > 0 || shorter.outcome === 'doubtful' ? word !== 'silent' : false,
      },
      missing,
    ),
    worstWindow(fit === null && tail === null ? null : stretches, missing),
    longestSilence(gapsOf(spikes, length), silences, samplingRate, word),
    presence(silent, length, limits.minimum_presence, word),
    shorter,
    ...amplitude,
    ...wholeRecording.slice(2),
    refractoryContamination(foreign, limits.maximum_contamination),
    clipping(clippedShare(heights), limits.maximum_clipping),
    ...(others.noiseMads === undefined ? [] : [noiseChange(others.noiseMads, limits.maximum_noise_change)]),
    ...(others.authors === undefined ? [] : authorsAgreement(others.authors, limits.minimum_authors_agreement)),
  ];
  const criteria = array ? [...heardWithArray(own, array.call), ...array.criteria] : own;
  const verdict = judge(criteria);
  const judged = windows.flatMap((at) =>
    evidenceIn(at, WINDOW_Z).map((evidence) => ({ ...at, evidence, sound: isSound(evidence, missing) })),
  );
  // A fault of the whole recording leaves no stretch of it sound.
  // A cell that may be lost for moments leaves none either: nobody knows which moments.
  const usable =
    wholeRecording.every(({ outcome }) => outcome !== 'failed') &&
    (word === 'silent' || (silences.excess?.low ?? 0) <= SHORT_SILENCES_IN_PERIODS);
  const sharp = sharpSteps(steps, limits.maximum_amplitude_step);
  const holdsStep = ({ first, last }: Window) => sharp.some(({ row }) => row > first && row < last);
  // What is accepted may hold a step; a window in which spikes may be missing is in no period, whatever the verdict.
  const kept = judged.filter((window) => window.sound && (verdict.verdict === 'accept' || !holdsStep(window)));
  const periods = acceptedPeriods(
    usable ? kept : [],
    word === 'silent' ? [] : silent,
    verdict.verdict === 'accept' ? 0 : limits.minimum_period * samplingRate,
  );
  return { ...verdict, criteria, windows: judged, acceptedPeriods: periods };
}

function countedAs(tail: Tail | null): WindowEvidence['counted'] {
  if (tail === null) return 'no';
  return tail.continues || tail.follows ? 'own' : 'unknown';
}

/** The share that is missing when what lies in the noise is estimated in each window by itself. */
function pooled(tail: Tail, windows: readonly Window[]): number {
  const missed = windows.reduce((sum, at) => {
    const { estimate } = tail.within(at, WINDOW_Z).missed;
    return sum + ((at.last - at.first) * estimate) / Math.max(1 - estimate, 1e-9);
  }, 0);
  const spikes = windows.reduce((sum, { first, last }) => sum + last - first, 0);
  return missed === 0 ? 0 : missed / (spikes + missed);
}

const arrayLimits = ({ maximum_missed_fraction, maximum_false_spikes, minimum_array_snr }: VerdictLimits) => ({
  missed: maximum_missed_fraction,
  falseSpikes: maximum_false_spikes,
  leastSnr: minimum_array_snr,
});

function overallFit(beyond: Float64Array, level: number, mad: number): Fit {
  const fit = missedFraction(beyond, level);
  if (fit.kind !== 'estimated') return fit;
  return {
    ...fit,
    ...ofThisRecording(fit, beyond.length),
    expectedAtEdge: shareWithin((level - fit.mean) / fit.sd, mad / fit.sd),
  };
}

function windowsFit(fit: MissedInWindows | null, spikes: number, mad: number): Fit {
  if (fit === null) return spikes < 3 ? { kind: 'too-few-spikes' } : { kind: 'mode-at-threshold', atLeast: null };
  return { kind: 'estimated', ...fit.pooled, expectedAtEdge: fit.expectedWithin(mad) };
}
