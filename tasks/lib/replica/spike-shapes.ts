/**
 * Spike waveforms at 20 kHz, as multiples of the trough's depth. Each is 1 at sample `trough`, negative where
 * the trace goes positive, and 0 at both ends.
 */
export interface SpikeShape {
  readonly values: Float64Array;
  readonly trough: number;
}

/** Sharp trough of 0.6 ms, then a slow positive wave: what a pipette on the cell sees. Clear of the trough within 10 samples. */
export const JUXTA_SHAPE = sampled(8, 39, (t) => bump(t, 6) - 0.32 * rise(t, 3, 14, 39));

/**
 * A spike on an electrode some 20 um away: narrower, smaller rebound, a slight positive lead. `half` is half the width of
 * the trough in samples, `rebound` its share of the depth.
 */
export const meaShape = (half: number, rebound: number): SpikeShape =>
  sampled(20, 39, (t) => bump(t, half) - 0.1 * bump(t + 9, 8) - rebound * rise(t, 2, 9, 36));

/** The cell's own. */
export const MEA_SHAPE = meaShape(4.5, 0.3);

function sampled(before: number, after: number, shape: (t: number) => number): SpikeShape {
  return { values: Float64Array.from({ length: before + after + 1 }, (_, i) => shape(i - before)), trough: before };
}

/** A smooth bump of height 1 at 0, 0 from `half` samples on. */
function bump(t: number, half: number): number {
  const u = t / half;
  return u * u < 1 ? (1 - u * u) * (1 - u * u) : 0;
}

/** A lopsided bump: from 0 at `start` to 1 at `top` and back to 0 at `end`. */
function rise(t: number, start: number, top: number, end: number): number {
  return t < top ? bump(t - top, top - start) : bump(t - top, end - top);
}
