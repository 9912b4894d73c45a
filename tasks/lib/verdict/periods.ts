/** Finds the windows and periods of a recording that are sound. */
import { amplitudeSteps, sharpSteps } from '../spikes/amplitude-step.ts';
import type { Window } from '../spikes/windows.ts';
import { acceptedPeriods, type Period } from './accepted-periods.ts';
import type { ArrayTestimony } from './array-evidence.ts';
import { missedOnArray } from './array-stretches.ts';
import type { MissingLimits } from './edge-fraction.ts';
import type { Heights } from './heights.ts';
import type { Verdict } from './judge.ts';
import type { VerdictLimits } from './limits.ts';
import type { Detected } from './recorded.ts';
import type { HeardSilences } from './silences.ts';
import { isSound, SOUND, type WindowEvidence } from './worst-window.ts';

export interface JudgedWindow extends Window {
  readonly evidence: WindowEvidence;
  readonly sound: boolean;
}

/** Share of the time in silences of moments from which on no period is sound. */
const SHORT_SILENCES_IN_PERIODS = 0.02;

/** A window is sound if neither heights nor the array speak for missed spikes in it. */
export function judgedWindows(heights: Heights, limits: MissingLimits, array: ArrayTestimony | null): JudgedWindow[] {
  return heights.windows.flatMap((window) => {
    const evidence = heights.within(window);
    if (evidence === undefined) return [];
    const seenMissing = array !== null && missedOnArray(array, window).low > SOUND;
    return [{ ...window, evidence, sound: isSound(evidence, limits) && !seenMissing }];
  });
}

interface Whole {
  readonly windows: readonly JudgedWindow[];
  readonly silences: HeardSilences;
  /** True if no fault concerns all of the recording. */
  readonly faultless: boolean;
  readonly verdict: Verdict['verdict'];
}

/**
 * A fault of the whole recording leaves no stretch of it sound. Nor does a cell that may be lost for moments: the moments are
 * unknown. An accepted recording may hold a step; a window in which spikes may be missing is in no period, whatever the verdict.
 */
export function soundPeriods(
  { beyond, level, samplingRate }: Detected,
  { windows, silences: heard, faultless, verdict }: Whole,
  limits: VerdictLimits,
): Period[] {
  const { silences, word, wordOnShort } = heard;
  const steady = wordOnShort === 'silent' || (silences.excess?.low ?? 0) <= SHORT_SILENCES_IN_PERIODS;
  if (!faultless || !steady) return [];
  const accepted = verdict === 'accept';
  const steps = amplitudeSteps(beyond.map((distance) => distance + level));
  const sharp = sharpSteps(steps, limits.maximum_amplitude_step);
  const holdsStep = ({ first, last }: Window) => sharp.some(({ row }) => row > first && row < last);
  return acceptedPeriods(
    windows.filter((window) => window.sound && (accepted || !holdsStep(window))),
    word === 'silent' ? [] : silences.unexplained,
    accepted ? 0 : limits.minimum_period * samplingRate,
  );
}
