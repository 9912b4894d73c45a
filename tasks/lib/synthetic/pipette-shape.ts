import { highPass } from './high-pass.ts';

/** A spike on the pipette, as multiples of its depth: 1 at sample `trough`, negative for the positive phase of the trace. */
export interface PipetteShape {
  readonly values: Float32Array;
  readonly trough: number;
}

export interface ShapePlan {
  /** Half the width of the trough in samples, 4 to 7. */
  readonly half: number;
  /** Height of the slow positive wave after the trough, before the filter: 0 to 0.15. */
  readonly afterWave: number;
  /** A second trough: its depth as a share of the first, and its delay in samples. */
  readonly second?: { readonly depth: number; readonly after: number };
}

const LEAD = 20;
const LENGTH = 400;

/** Trough, wave and second trough after the amplifier's filter, which alone gives a trough a positive wave. */
export function pipetteShape({ half, afterWave, second }: ShapePlan): PipetteShape {
  const raw = Float64Array.from({ length: LENGTH }, (_, i) => {
    const t = i - LEAD;
    const again = second ? second.depth * bump(t - second.after, half) : 0;
    return bump(t, half) + again - afterWave * (t < 14 ? bump(t - 14, 11) : bump(t - 14, 26));
  });
  const filtered = highPass(raw);
  let trough = LEAD;
  for (let i = LEAD - 10; i < LEAD + 10; i++) {
    if ((filtered[i] as number) > (filtered[trough] as number)) trough = i;
  }
  const depth = filtered[trough] as number;
  return { values: Float32Array.from(filtered, (value) => value / depth), trough };
}

/** 1 at 0, 0 from `half` on. */
function bump(t: number, half: number): number {
  const u = t / half;
  return u * u < 1 ? (1 - u * u) * (1 - u * u) : 0;
}
