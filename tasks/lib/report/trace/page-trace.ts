/**
 * Encodes a juxta trace for a page: the extremes of short bins over the whole recording, every spike, and every sample
 * windowSteps the marginal spikes. Amplitudes are whole multiples of a step far below the noise.
 */

import type { TraceExtremes } from '../../detection/trace-extremes.ts';
import type { Noise, PeakSign } from '../../figure/noise-guides.ts';
import type { MarginalSpike } from './marginal-spikes.ts';
import { riceText, riceValues } from './rice.ts';
import { fromRunningLevel, toRunningLevel } from './running-level.ts';

/** The trace in the page's JSON. */
export interface PageTrace {
  readonly samples: number;
  readonly samplingRate: number;
  readonly noise: Noise;
  readonly peakSign: PeakSign;
  readonly marginal: readonly MarginalSpike[];
  /** Samples per bin of `low` and `high`. */
  readonly bin: number;
  /** Unit of `low`, `high` and `amplitudes`, in trace units. */
  readonly step: number;
  readonly low: string;
  readonly high: string;
  /** Differences between the spikes' samples. */
  readonly spikes: string;
  readonly amplitudes: string;
  /** Samples on either side of a marginal spike in its window. */
  readonly reach: number;
  /** Unit of `windows`, in trace units. */
  readonly windowStep: number;
  /** All windows concatenated, as differences. */
  readonly windows: string;
}

/** Limits the page's size for long recordings; in five minutes, each of 50,000 bins has 6 ms. */
const MAX_BINS = 50_000;

/** Steps as shares of the noise's MAD; windows are finer, because they are seen enlarged. */
const STEP = 1 / 4;
const WINDOW_STEP = 1 / 16;

/** Length of a window on either side of a marginal spike, in seconds. */
const REACH = 0.01;

/** Returns the samples per bin for a trace of `samples` samples. */
export const pageBin = (samples: number): number => Math.max(1, Math.ceil(samples / MAX_BINS));

/** Encodes the trace for the page; `read` equals the result of `readTrace(page)`. */
export function pageTrace(recording: {
  readonly trace: Float32Array;
  /** Extremes of bins of `pageBin` samples. */
  readonly extremes: TraceExtremes;
  readonly samplingRate: number;
  readonly noise: Noise;
  readonly peakSign: PeakSign;
  readonly peaks: { readonly sampleIndex: BigInt64Array; readonly amplitude: Float32Array };
  readonly marginal: readonly MarginalSpike[];
}): { readonly page: PageTrace; readonly read: ReadTrace } {
  const { trace, extremes, samplingRate, noise, peakSign, peaks, marginal } = recording;
  const { size: bin, low, high } = extremes;
  const unit = noise.mad > 0 ? noise.mad : Math.max(Math.abs(noise.threshold), 1) / 64;
  const [step, windowStep] = [unit * STEP, unit * WINDOW_STEP];
  const reach = Math.round(REACH * samplingRate);
  const width = 2 * reach + 1;
  const windows = new Float32Array(marginal.length * width);
  for (const [peak, { sample }] of marginal.entries()) {
    for (let i = 0; i < width; i++)
      windows[peak * width + i] = trace[clamp(sample - reach + i, trace.length)] as number;
  }
  const same = { samples: trace.length, samplingRate, noise, peakSign, marginal, bin, step, reach, windowStep };
  const spikes = Int32Array.from(peaks.sampleIndex, Number);
  const lows = inSteps(low, step);
  const highs = inSteps(high, step);
  const amplitudes = inSteps(peaks.amplitude, step);
  const windowSteps = inSteps(windows, windowStep);
  return {
    page: {
      ...same,
      low: riceText(toRunningLevel(lows)),
      high: riceText(toRunningLevel(highs)),
      spikes: riceText(differences(spikes)),
      amplitudes: riceText(toRunningLevel(amplitudes)),
      windows: riceText(differences(windowSteps)),
    },
    read: {
      ...same,
      low: times(lows, step),
      high: times(highs, step),
      spikes,
      amplitudes: times(amplitudes, step),
      windows: times(windowSteps, windowStep),
    },
  };
}

/** A decoded trace: amplitudes in trace units, times in samples. */
export interface ReadTrace extends Omit<PageTrace, 'low' | 'high' | 'spikes' | 'amplitudes' | 'windows'> {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly spikes: Int32Array;
  readonly amplitudes: Float64Array;
  /** All windows concatenated, `2 * reach + 1` samples each. */
  readonly windows: Float64Array;
}

export function readTrace(trace: PageTrace): ReadTrace {
  const { step, windowStep } = trace;
  const levels = (text: string) => times(fromRunningLevel(riceValues(text)), step);
  return {
    ...trace,
    low: levels(trace.low),
    high: levels(trace.high),
    spikes: sums(riceValues(trace.spikes)),
    amplitudes: levels(trace.amplitudes),
    windows: times(sums(riceValues(trace.windows)), windowStep),
  };
}

/** Rounds values to steps; extremely large values are limited to `MAX_STEPS`. */
function inSteps(values: Float32Array, step: number): Int32Array {
  const steps = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    steps[i] = Math.max(-MAX_STEPS, Math.min(MAX_STEPS, Math.round((values[i] as number) / step)));
  }
  return steps;
}
const MAX_STEPS = 2 ** 24;

function times(values: Int32Array, step: number): Float64Array {
  const products = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) products[i] = (values[i] as number) * step;
  return products;
}

const differences = (values: Int32Array): Int32Array => values.map((value, i) => value - (values[i - 1] ?? 0));

function sums(values: Int32Array): Int32Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

const clamp = (index: number, length: number): number => Math.max(0, Math.min(length - 1, index));
