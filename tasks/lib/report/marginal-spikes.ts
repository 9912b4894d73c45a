/** The peaks that the threshold decided: the spikes nearest to it on one side, what nearly was one on the other. */
export interface MarginalSpike {
  readonly sample: number;
  /** Distance from the baseline in MADs. */
  readonly height: number;
  readonly detected: boolean;
}

/** Of either side, at most. */
const MOST = 20;

/** In order of time. */
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
  return [...smallest.slice(0, MOST), ...largest.slice(0, MOST)].sort((a, b) => a.sample - b.sample);
}

interface Peaks {
  readonly sampleIndex: BigInt64Array | readonly bigint[];
  readonly amplitude: Float32Array | readonly number[];
}
