import { medianOf } from './median-of.ts';

/** A channel's median waveform over some spikes, and the MAD (times 1.4826) over them, both in converter units. */
export interface SpikesWaveform {
  readonly median: Float64Array;
  readonly mad: Float64Array;
  readonly spikes: number;
}

export interface WaveformLag {
  /** Samples by which the late waveform comes after the early one, and their correlation there; null where unknown. */
  readonly lag: number | null;
  readonly correlation: number | null;
  /** Greatest distance of each waveform from its baseline, in standard errors; null of fewer than ten spikes. */
  readonly earlyHeight: number | null;
  readonly lateHeight: number | null;
}

/** With fewer spikes neither a median nor its error means much. */
const LEAST_SPIKES = 10;

/** Noise alone reaches 3 to 4 standard errors somewhere in a window, 5 on the channel that looked best. */
const LEAST_HEIGHT = 6;

/**
 * How far a cell's waveform on the array has moved against its spikes in the pipette between two stretches of a recording.
 * It stays where it is unless the two clocks run apart. Null unless both waveforms stand out of their noise: clocks that
 * move by more than a spike's width within a stretch (5 parts in a million over 100 s; 2 % was published once) blur it
 * away, as if the array did not see the cell.
 */
export function waveformLag(early: SpikesWaveform, late: SpikesWaveform): WaveformLag {
  const earlyHeight = heightOf(early);
  const lateHeight = heightOf(late);
  const seen = (earlyHeight ?? 0) >= LEAST_HEIGHT && (lateHeight ?? 0) >= LEAST_HEIGHT;
  const best = seen ? correlationPeak(centred(early.median), centred(late.median)) : { lag: null, correlation: null };
  return { ...best, earlyHeight, lateHeight };
}

/** Quantisation noise of a converter: the variance within one of its steps. */
const STEP_VARIANCE = 1 / 12;

/** The error of a median of n Gaussian values is sqrt(pi / 2n) of their spread, for which the window's median MAD stands. */
function heightOf({ median, mad, spikes }: SpikesWaveform): number | null {
  const spread = medianOf(mad);
  if (spikes < LEAST_SPIKES || spread === null) return null;
  const error = Math.sqrt(((Math.PI / 2) * (spread * spread + STEP_VARIANCE)) / spikes);
  let furthest = 0;
  for (const value of centred(median)) furthest = Math.max(furthest, Math.abs(value));
  return furthest / error;
}

function centred(waveform: Float64Array): Float64Array {
  const baseline = medianOf(waveform) ?? 0;
  return waveform.map((value) => value - baseline);
}

/**
 * Where the cross-correlation over lags within half the window is largest, between samples by the parabola through the
 * best three. Both waveforms count as 0 outside their window, and are not all 0 within.
 */
function correlationPeak(early: Float64Array, late: Float64Array): { lag: number; correlation: number } {
  const reach = Math.floor(early.length / 2);
  const norm = Math.sqrt(product(early, early, 0) * product(late, late, 0));
  const correlations = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => product(early, late, k - reach) / norm);
  const best = correlations.indexOf(correlations.reduce((a, b) => Math.max(a, b)));
  const at = correlations[best] as number;
  const before = correlations[best - 1] ?? at;
  const after = correlations[best + 1] ?? at;
  const bend = 2 * at - before - after;
  const inside = best > 0 && best < 2 * reach && bend > 0;
  const shift = inside ? (after - before) / (2 * bend) : 0;
  return { lag: best - reach + shift, correlation: Math.min(1, at + ((after - before) * shift) / 4) };
}

/** Sum over i of early[i] late[i + lag]. */
function product(early: Float64Array, late: Float64Array, lag: number): number {
  let sum = 0;
  const end = Math.min(early.length, late.length - lag);
  for (let i = Math.max(0, -lag); i < end; i++) sum += (early[i] as number) * (late[i + lag] as number);
  return sum;
}
