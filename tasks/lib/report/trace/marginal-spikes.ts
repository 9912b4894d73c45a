/** A peak near the threshold: a detected spike or a peak that was just too small. */
export interface MarginalSpike {
  readonly sample: number;
  /** Distance from the baseline in MADs. */
  readonly height: number;
  readonly detected: boolean;
}

/** Largest number of peaks on either side of the threshold. */
const MAX_PEAKS = 20;

/** Returns the smallest spikes and the largest peaks below the threshold, in order of time. */
export function marginalSpikes(
  spikes: Peaks,
  below: Peaks,
  { median, mad }: { readonly median: number; readonly mad: number },
): MarginalSpike[] {
  if (!(mad > 0)) return [];
  const heights = ({ sampleIndex, amplitude }: Peaks, detected: boolean) =>
    Array.from(amplitude, (value, i) => ({
      sample: Number(sampleIndex[i]),
      height: Math.round((Math.abs(value - median) / mad) * 100) / 100,
      detected,
    }));
  const smallest = heights(spikes, true).sort((a, b) => a.height - b.height || a.sample - b.sample);
  const largest = heights(below, false).sort((a, b) => b.height - a.height || a.sample - b.sample);
  return [...smallest.slice(0, MAX_PEAKS), ...largest.slice(0, MAX_PEAKS)].sort((a, b) => a.sample - b.sample);
}

interface Peaks {
  readonly sampleIndex: BigInt64Array | readonly bigint[];
  readonly amplitude: Float32Array | readonly number[];
}
