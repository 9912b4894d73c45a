/**
 * Computes the linear filter that separates the cell's spikes best from the array's noise: F = G^-1 W / (W' G^-1 W), with the waveform W
 * and the covariance G of the noise in space and time. A spike that equals the waveform scores 1.
 */
import { type Cholesky, cholesky, solve } from './cholesky.ts';
import type { Template } from './electrodes.ts';
import { nearestDistances } from './nearest.ts';

export interface MatchedFilter {
  /** Laid out as the template's shape; 0 except at every `STRIDE`-th sample. */
  readonly taps: Float64Array;
  /** Covariance of the noise, for the taps that are not 0. */
  readonly covariance: Cholesky;
}

/** Uses every third sample: at 20 kHz neighbouring samples are nearly equal, and the matrix becomes a ninth as large. */
export const STRIDE = 3;

/** Most windows from which the covariance is estimated. */
const MOST_WINDOWS = 8000;
/** Sds at which samples are clipped: other cells' spikes are part of the noise, but a single large spike must not dominate it. */
const CLIP = 8;
/** Share of the mean variance that is added to the diagonal, so that few windows give a stable inverse. */
const RIDGE = 0.02;

/** Null if too little of the recording lies away from the pipette's spikes to estimate the noise. */
export function matchedFilter(
  traces: readonly Float32Array[],
  spikes: ArrayLike<number>,
  template: Template,
): MatchedFilter | null {
  const { width, shape, electrodes } = template;
  const kept = keptTaps(template);
  const size = kept.length;
  const starts = quietStarts(traces[0]?.length ?? 0, spikes, template);
  if (starts.length < 2 * size) return null;
  const covariance = covarianceOf(traces, starts, kept, width);
  const decomposed = cholesky(covariance, size);
  const solved = solve(
    decomposed,
    kept.map((tap) => shape[tap] as number),
  );
  let norm = 0;
  for (const [index, tap] of kept.entries()) norm += (solved[index] as number) * (shape[tap] as number);
  const taps = new Float64Array(electrodes.length * width);
  for (const [index, tap] of kept.entries()) taps[tap] = (solved[index] as number) / norm;
  return { taps, covariance: decomposed };
}

/** Indexes into a template's shape that the filter uses. */
export const keptTaps = ({ electrodes, width }: Template): number[] =>
  electrodes.flatMap((_, index) =>
    Array.from({ length: Math.ceil(width / STRIDE) }, (_, k) => index * width + k * STRIDE),
  );

/** Starts of windows without spikes of the pipette, spread evenly over the recording. */
function quietStarts(length: number, spikes: ArrayLike<number>, { before, width }: Template): number[] {
  const lastStart = length - width;
  const step = Math.max(1, lastStart / MOST_WINDOWS);
  const starts = Array.from({ length: Math.max(0, Math.floor(lastStart / step)) }, (_, k) => Math.floor(k * step));
  const distances = nearestDistances(
    starts.map((start) => start + before),
    spikes,
  );
  return starts.filter((_, k) => (distances[k] as number) > width);
}

function covarianceOf(
  traces: readonly Float32Array[],
  starts: readonly number[],
  kept: readonly number[],
  width: number,
): Float64Array {
  const size = kept.length;
  const electrode = kept.map((tap) => Math.floor(tap / width));
  const offset = kept.map((tap) => tap % width);
  const mean = new Float64Array(size);
  const products = new Float64Array(size * size);
  const window = new Float64Array(size);
  for (const start of starts) {
    for (let k = 0; k < size; k++) {
      const value = (traces[electrode[k] as number] as Float32Array)[start + (offset[k] as number)] as number;
      window[k] = Math.min(CLIP, Math.max(-CLIP, value));
      mean[k] = (mean[k] as number) + (window[k] as number);
    }
    for (let i = 0; i < size; i++) {
      const value = window[i] as number;
      for (let j = 0; j <= i; j++) {
        products[i * size + j] = (products[i * size + j] as number) + value * (window[j] as number);
      }
    }
  }
  const count = starts.length;
  const covariance = new Float64Array(size * size);
  let trace = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value =
        (products[i * size + j] as number) / count - ((mean[i] as number) * (mean[j] as number)) / count ** 2;
      covariance[i * size + j] = value;
      covariance[j * size + i] = value;
    }
    trace += covariance[i * size + i] as number;
  }
  for (let i = 0; i < size; i++) {
    covariance[i * size + i] = (covariance[i * size + i] as number) + (RIDGE * trace) / size;
  }
  return covariance;
}
