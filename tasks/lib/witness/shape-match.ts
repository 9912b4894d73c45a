import type { Template } from './electrodes.ts';

/**
 * The cosine between the cell's waveform and the electrodes' traces around `at`, both in sds of the noise: 1 for the same shape at any
 * size. A larger cell can score as high as this cell, but differs in shape. NaN outside the recording.
 */
export function shapeMatch(traces: readonly Float32Array[], template: Template, at: number): number {
  const { before, width, shape } = template;
  const start = at - before;
  let [product, shapeSquares, traceSquares] = [0, 0, 0];
  for (const [electrode, trace] of traces.entries()) {
    if (start < 0 || start + width > trace.length) return Number.NaN;
    for (let k = 0; k < width; k++) {
      const value = trace[start + k] as number;
      const expected = shape[electrode * width + k] as number;
      product += value * expected;
      shapeSquares += expected * expected;
      traceSquares += value * value;
    }
  }
  return product / Math.sqrt(shapeSquares * traceSquares);
}
