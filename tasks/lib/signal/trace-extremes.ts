/** Lowest and highest sample of each bin of `size` samples; the last bin may be shorter. */
export function traceExtremes(trace: Float32Array, size: number): { low: Float32Array; high: Float32Array } {
  const bins = Math.ceil(trace.length / size);
  const low = new Float32Array(bins);
  const high = new Float32Array(bins);
  for (let bin = 0; bin < bins; bin++) {
    const end = Math.min(trace.length, (bin + 1) * size);
    let lowest = trace[bin * size] as number;
    let highest = lowest;
    for (let i = bin * size + 1; i < end; i++) {
      const value = trace[i] as number;
      if (value < lowest) lowest = value;
      else if (value > highest) highest = value;
    }
    low[bin] = lowest;
    high[bin] = highest;
  }
  return { low, high };
}
