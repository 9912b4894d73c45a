import type { Template } from './electrodes.ts';

/**
 * The cosine between the cell's waveform and what the electrodes show around `at`, both in sds of the noise: 1 for the same
 * shape at any size. Another, larger cell can score as high as this one, but its shape is another. NaN outside the recording.
 */
export function shapeMatch(traces: readonly Float32Array[], template: Template, at: number): number {
  const { before, width, shape } = template;
  const start = at - before;
  let [product, own, other] = [0, 0, 0];
  for (const [electrode, trace] of traces.entries()) {
    if (start < 0 || start + width > trace.length) return Number.NaN;
    for (let k = 0; k < width; k++) {
      const value = trace[start + k] as number;
      const expected = shape[electrode * width + k] as number;
      product += value * expected;
      own += expected * expected;
      other += value * value;
    }
  }
  return product / Math.sqrt(own * other);
}
