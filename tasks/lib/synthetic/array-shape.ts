import type { Draw } from './draw.ts';

/** A cell's spike on the array, in multiples of its depth, negative down; the trough is sample `trough`. */
export interface ArrayShape {
  readonly values: Float32Array;
  readonly trough: number;
}

const TROUGH = 20;
const LENGTH = 70;

/** Trough of 0.3 to 0.6 ms with a lead and a rebound of its own in each cell. */
export function arrayShape(draw: Draw): ArrayShape {
  const half = draw.between(3.5, 6.5);
  const lead = draw.between(0, 0.2);
  const rebound = draw.between(0.15, 0.45);
  const top = draw.between(7, 14);
  const values = Float32Array.from({ length: LENGTH }, (_, i) => {
    const t = i - TROUGH;
    const wave = t < top ? bump(t - top, top - 1) : bump(t - top, 30);
    return -bump(t, half) + lead * bump(t + 2 * half, 1.6 * half) + rebound * wave;
  });
  return { values, trough: TROUGH };
}

function bump(t: number, half: number): number {
  const u = t / half;
  return u * u < 1 ? (1 - u * u) * (1 - u * u) : 0;
}
