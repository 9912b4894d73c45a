/** Synthetic recordings of known truth: a cell fires at random, 3 ms apart at least, its amplitude is Gaussian about a mean that may move. */
import { normalQuantiles } from '../../../../tasks/lib/replica/normal-quantiles.ts';
import { randomSource } from '../../../../tasks/lib/signal/random.ts';

export interface Synthetic {
  /** Samples of the detected spikes, ascending, at 20 kHz. */
  readonly spikes: number[];
  /** Their heights less the threshold. */
  readonly beyond: Float64Array;
  /** Share of all spikes that did not reach the threshold. */
  readonly missed: number;
  readonly length: number;
}

const quantiles = normalQuantiles(1 << 16);

/** `height(t)`: mean height over the threshold in sds at time t in [0, 1); `count`: spikes, the missed ones included. */
export function synthetic(
  seed: number,
  { count, height, sd = 2 }: { count: number; height: (time: number) => number; sd?: number },
): Synthetic {
  const random = randomSource(seed);
  const length = 6_000_000;
  const refractory = 60;
  const free = length - refractory * count;
  const all = Array.from({ length: count }, () => Math.floor((random() / 0x1_0000_0000) * free))
    .sort((a, b) => a - b)
    .map((at, row) => at + refractory * row);
  const heights = all.map((at) => sd * (height(at / length) + (quantiles[random() >>> 16] as number)));
  const found = heights.flatMap((value, i) => (value > 0 ? [i] : []));
  return {
    spikes: found.map((i) => all[i] as number),
    beyond: Float64Array.from(found, (i) => heights[i] as number),
    missed: 1 - found.length / count,
    length,
  };
}
