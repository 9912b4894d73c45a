import type { PeakSign } from '../detection/peaks.ts';

export interface AmplitudeHistogram {
  /** Left edges of the bins, ascending. */
  readonly binLeft: Float64Array;
  readonly count: BigInt64Array;
}

/**
 * Counts negative amplitudes from the smallest up to 0 like `np.histogram(a, np.arange(min(a), 0, width))`: half-open
 * bins, the last bin closed; amplitudes between the last edge and 0 are not counted. `binWidth` is in the amplitudes'
 * unit. For positive amplitudes, all is mirrored. Without amplitudes there are no bins.
 */
export function amplitudeHistogram(amplitudes: Float32Array, binWidth: number, sign: PeakSign): AmplitudeHistogram {
  if (sign === '+') {
    const { edges, count } = negativeHistogram(
      amplitudes.map((amplitude) => -amplitude),
      binWidth,
    );
    const mirrored = edges.map((edge) => -edge).reverse();
    return { binLeft: mirrored.subarray(0, count.length), count: count.reverse() };
  }
  const { edges, count } = negativeHistogram(amplitudes, binWidth);
  return { binLeft: edges.subarray(0, count.length), count };
}

function negativeHistogram(amplitudes: Float32Array, binWidth: number) {
  const edges = binEdges(amplitudes, binWidth);
  const count = new BigInt64Array(Math.max(0, edges.length - 1));
  for (const amplitude of amplitudes) {
    const bin = binOf(amplitude, edges);
    if (bin >= 0 && bin < count.length) count[bin] = (count[bin] as bigint) + 1n;
  }
  return { edges, count };
}

/**
 * Returns `np.arange(start, 0, step)` from the smallest amplitude. NumPy computes start + i * ((start + step) - start),
 * which differs from start + i * step for some steps.
 */
export function binEdges(amplitudes: Float32Array, step: number): Float64Array {
  let start = Infinity;
  for (const amplitude of amplitudes) start = Math.min(start, amplitude);
  const edges = new Float64Array(start < 0 ? Math.ceil(-start / step) : 0);
  const delta = start + step - start;
  for (let i = 0; i < edges.length; i++) edges[i] = start + i * delta;
  if (edges.length > 1) edges[1] = start + step;
  return edges;
}

/** Returns the bin whose left edge is the last at or below the value; the last edge itself belongs to the last bin. */
function binOf(value: number, edges: Float64Array): number {
  const last = edges.length - 1;
  if (value === edges[last]) return last - 1;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
