import { type MedianMad, medianMad } from './median-mad.ts';

/** Noise in the samples [start, end). */
export interface NoiseWindow extends MedianMad {
  readonly start: number;
  readonly end: number;
}

/** Returns median and MAD of a trace in adjacent windows of `width` samples; a rest below half of that joins the last. */
export function noiseInWindows(trace: Float32Array, width: number): NoiseWindow[] {
  const count = Math.max(1, Math.round(trace.length / width));
  return Array.from({ length: count }, (_, k) => {
    const start = k * width;
    const end = k === count - 1 ? trace.length : start + width;
    return { start, end, ...medianMad(trace.slice(start, end)) };
  });
}
