/** Estimates missed spikes by heights, over all and in windows. */
import { edgeFraction } from '../spikes/edge-fraction.ts';
import { type Missed, type MissedInWindows, missedInWindows, ofThisRecording } from '../spikes/missed-in-windows.ts';
import { stretchesOf } from '../spikes/stretches.ts';
import { type Window, windowsOf } from '../spikes/windows.ts';
import type { Share } from '../statistics/share.ts';
import { missedFraction, shareWithin } from '../statistics/truncated-gaussian.ts';
import type { Fit } from './fit.ts';
import type { VerdictLimits } from './limits.ts';
import type { Detected } from './recorded.ts';
import { type BelowThreshold, countedAs } from './tail-owner.ts';
import { WINDOW_Z, type WindowEvidence } from './worst-window.ts';

export interface Heights {
  readonly edge: Share | null;
  readonly overall: Fit;
  readonly inWindows: Fit;
  /** Back to back over the recording. */
  readonly windows: readonly Window[];
  /** Evidence in windows that overlap by half; null if neither a fit nor a count is possible. */
  readonly stretches: readonly WindowEvidence[] | null;
  /** Evidence in a window; undefined without a fit or a count. */
  readonly within: (window: Window) => WindowEvidence | undefined;
}

/** Fewest spikes of a stretch that can show a dip: with 10, a loss of half of them shows. */
const STRETCH_SPIKES = 10;

export function measureHeights(detected: Detected, below: BelowThreshold | null, limits: VerdictLimits): Heights {
  const { spikes, beyond, mad, length, samplingRate } = detected;
  const width = limits.window * samplingRate;
  const windows = windowsOf(spikes, length, width, limits.window_spikes);
  const fit = spikes.length < 3 ? null : missedInWindows(beyond, windows, detected.level);
  const missedIn = (at: Window): Missed | null =>
    below === null ? (fit?.of(at.first, at.last, WINDOW_Z) ?? null) : below.tail.within(at, WINDOW_Z).missed;
  const within = (at: Window): WindowEvidence | undefined => {
    const missed = missedIn(at);
    if (missed === null) return undefined;
    const edge = edgeFraction(beyond.subarray(at.first, at.last), mad, WINDOW_Z);
    return { start: at.start / samplingRate, end: at.end / samplingRate, edge, missed, counted: countedAs(below) };
  };
  const looked = stretchesOf(spikes, length, width, STRETCH_SPIKES).flatMap((at) => within(at) ?? []);
  return {
    edge: edgeFraction(beyond, mad),
    overall: overallFit(detected),
    inWindows: windowsFit(fit, detected),
    windows,
    stretches: fit === null && below === null ? null : looked,
    within,
  };
}

function overallFit({ beyond, level, mad }: Detected): Fit {
  const fit = missedFraction(beyond, level);
  if (fit.kind !== 'estimated') return fit;
  return {
    ...fit,
    ...ofThisRecording(fit, beyond.length),
    expectedAtEdge: shareWithin((level - fit.mean) / fit.sd, mad / fit.sd),
  };
}

function windowsFit(fit: MissedInWindows | null, { spikes, mad }: Detected): Fit {
  if (fit !== null)
    return { kind: 'estimated', ...fit.pooled, expectedAtEdge: fit.expectedWithin(mad), uneven: !fit.evenSpread };
  return spikes.length < 3 ? { kind: 'too-few-spikes' } : { kind: 'mode-at-threshold', atLeast: null };
}
