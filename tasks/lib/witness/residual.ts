/** Computes the residual of an event on the array: the event without the cell's waveform. */
import { type Cholesky, whiten } from './cholesky.ts';
import type { Template } from './electrodes.ts';
import { keptTaps } from './matched-filter.ts';
import { addScaled, dot } from './principal.ts';

/** The residual of the event at a sample; undefined if its window leaves the recording. */
export type ResidualAt = (at: number) => Float64Array | undefined;

/**
 * Whitens the window around an event by the noise's covariance, and removes its parts along the waveform (the event's size) and along the
 * waveform's slope and bend (its time between two samples). A spike of the cell leaves noise of variance 1 in every dimension.
 */
export function residualsIn(traces: readonly Float32Array[], template: Template, noise: Cholesky): ResidualAt {
  const { before, width } = template;
  const kept = keptTaps(template);
  const basis = orthonormal(waveformAndChanges(template, kept).map((direction) => whiten(noise, direction)));
  return (at) => {
    const start = at - before;
    if (start < 0 || start + width > (traces[0]?.length ?? 0)) return undefined;
    const window = kept.map(
      (tap) => (traces[Math.floor(tap / width)] as Float32Array)[start + (tap % width)] as number,
    );
    const residual = whiten(noise, window);
    for (const direction of basis) addScaled(residual, direction, -dot(residual, direction));
    return residual;
  };
}

function waveformAndChanges({ width, shape }: Template, kept: readonly number[]): number[][] {
  const shapeAt = (tap: number, shift: number): number => {
    const within = (tap % width) + shift;
    return within < 0 || within >= width ? 0 : (shape[tap + shift] as number);
  };
  return [
    kept.map((tap) => shapeAt(tap, 0)),
    kept.map((tap) => (shapeAt(tap, 1) - shapeAt(tap, -1)) / 2),
    kept.map((tap) => shapeAt(tap, 1) - 2 * shapeAt(tap, 0) + shapeAt(tap, -1)),
  ];
}

function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = vector.slice();
    for (const direction of basis) addScaled(rest, direction, -dot(rest, direction));
    const length = Math.sqrt(dot(rest, rest));
    if (length > 0) basis.push(rest.map((value) => value / length));
  }
  return basis;
}
