import { medianOf } from '../statistics/median-of.ts';

/** A channel's median waveform over spikes, and the MAD (times 1.4826), both in converter units. */
export interface SpikesWaveform {
  readonly median: Float64Array;
  readonly mad: Float64Array;
  readonly spikes: number;
}

export interface WaveformLag {
  /** Delay of the late waveform after the early waveform in samples; null if unknown. */
  readonly lag: number | null;
  /** Correlation of the waveforms at that lag. */
  readonly correlation: number | null;
  /** Greatest distance of each waveform from its baseline, in standard errors; null for fewer than ten spikes. */
  readonly earlyHeight: number | null;
  readonly lateHeight: number | null;
}

/** With fewer spikes, the median and its error are unreliable. */
const MIN_SPIKES = 10;

/** In standard errors. Noise alone reaches 3 to 4 in a window, and 5 on the channel with the largest waveform. */
const MIN_HEIGHT = 6;

/**
 * Measures the shift of a cell's waveform on the array, relative to its spikes in the pipette, between two stretches of a
 * recording. It is 0 unless the two clocks drift apart. The lag is null unless both waveforms stand out of their noise:
 * clocks that drift by more than a spike's width within a stretch (5 parts in a million over 100 s; 2 % was published
 * once) blur the waveform, as if the array did not record the cell.
 */
export function waveformLag(early: SpikesWaveform, late: SpikesWaveform): WaveformLag {
  const earlyHeight = heightOf(early);
  const lateHeight = heightOf(late);
  const seen = (earlyHeight ?? 0) >= MIN_HEIGHT && (lateHeight ?? 0) >= MIN_HEIGHT;
  const best = seen ? correlationPeak(centred(early.median), centred(late.median)) : { lag: null, correlation: null };
  return { ...best, earlyHeight, lateHeight };
}

/** Quantisation noise of a converter: the variance of a uniform distribution over a step. */
const STEP_VARIANCE = 1 / 12;

/** Height in standard errors: that of a median of n Gaussian values is sqrt(pi / 2n) times their spread, here the median MAD. */
function heightOf({ median, mad, spikes }: SpikesWaveform): number | null {
  const spread = medianOf(mad);
  if (spikes < MIN_SPIKES || spread === null) return null;
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
 * Finds the largest cross-correlation over lags within half the window, interpolated by the parabola through the best three
 * samples. Both waveforms count as 0 outside their window, and are not all 0 inside.
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

/** Sums early[i] late[i + lag] over i. */
function product(early: Float64Array, late: Float64Array, lag: number): number {
  let sum = 0;
  const end = Math.min(early.length, late.length - lag);
  for (let i = Math.max(0, -lag); i < end; i++) sum += (early[i] as number) * (late[i + lag] as number);
  return sum;
}
