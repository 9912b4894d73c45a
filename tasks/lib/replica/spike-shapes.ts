/**
 * A spike waveform at 20 kHz in multiples of the trough's depth: 1 at sample `trough`, negative values for a positive
 * trace, and 0 at both ends.
 */
export interface SpikeShape {
  readonly values: Float64Array;
  readonly trough: number;
}

/** The pipette's signal: a sharp trough of 0.6 ms that ends within 10 samples, then a slow positive wave. */
export const JUXTA_SHAPE = sampled(8, 39, (t) => bump(t, 6) - 0.32 * rise(t, 3, 14, 39));

/**
 * The signal on an electrode some 20 um away: narrower, with a smaller rebound and a slight positive lead. `half` is half
 * the trough's width in samples, `rebound` the rebound's share of the depth.
 */
export const meaShape = (half: number, rebound: number): SpikeShape =>
  sampled(20, 39, (t) => bump(t, half) - 0.1 * bump(t + 9, 8) - rebound * rise(t, 2, 9, 36));

/** The shape of the pipette's cell on the array. */
export const MEA_SHAPE = meaShape(4.5, 0.3);

function sampled(before: number, after: number, shape: (t: number) => number): SpikeShape {
  return { values: Float64Array.from({ length: before + after + 1 }, (_, i) => shape(i - before)), trough: before };
}

/** A smooth bump of height 1 at 0 that vanishes at a distance of `half` samples. */
function bump(t: number, half: number): number {
  const u = t / half;
  return u * u < 1 ? (1 - u * u) * (1 - u * u) : 0;
}

/** An asymmetric bump: from 0 at `start` to 1 at `top` and back to 0 at `end`. */
function rise(t: number, start: number, top: number, end: number): number {
  return t < top ? bump(t - top, top - start) : bump(t - top, end - top);
}
