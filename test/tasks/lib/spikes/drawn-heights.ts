/** Makes spike heights of known truth: the number of fired spikes, and the number below the threshold. */
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { type AmplitudeShape, drawFrom, GAUSSIAN } from '../../../../tasks/lib/synthetic/amplitude-shape.ts';
import type { Detected } from '../../../../tasks/lib/verdict/recorded.ts';
import { spikeTrain } from './counted-train.ts';

/** The cell and the heights of its spikes. */
export interface Cell {
  /** Number of fired spikes, including missed spikes. */
  readonly count: number;
  /** Standard deviation of the heights, in MADs of the trace. */
  readonly sd?: number;
  /** Distribution of the heights about their mean. */
  readonly shape?: AmplitudeShape;
  /** Mean height over the threshold, in sd, of a spike at `time` in 0 to 1 of the recording; may be random. */
  readonly mean: (time: number, uniform: () => number) => number;
}

export interface SyntheticRecording extends Detected {
  /** Share of all spikes that stay below the threshold. */
  readonly missed: number;
}

/** Five minutes at 20 kHz like the published recordings, with the threshold at 8 MAD; heights in MADs. */
const LENGTH = 6_000_000;
const SAMPLING_RATE = 20_000;
const THRESHOLD = 8;

/** Returns the spikes that `detect` finds. The same seed gives the same recording on every machine. */
export function syntheticRecording(seed: number, { count, sd = 2, shape = GAUSSIAN, mean }: Cell): SyntheticRecording {
  const random = randomSource(seed);
  const uniform = uniformFrom(random);
  const fired = spikeTrain(count, LENGTH, uniform);
  const spikes: number[] = [];
  const beyond: number[] = [];
  for (const at of fired) {
    const over = sd * (mean(at / LENGTH, uniform) + drawFrom(shape, random));
    if (!(over > 0)) continue;
    spikes.push(at);
    beyond.push(over);
  }
  return {
    spikes: Float64Array.from(spikes),
    beyond: Float64Array.from(beyond),
    missed: 1 - spikes.length / count,
    level: THRESHOLD,
    mad: 1,
    length: LENGTH,
    samplingRate: SAMPLING_RATE,
  };
}

/** Turns a stream of uint32 into numbers in [0, 1). */
export function uniformFrom(random: () => number): () => number {
  return () => random() / 0x1_0000_0000;
}
