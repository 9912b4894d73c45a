/** Recordings of known truth: how many spikes were fired, and how many of them the threshold hid. */
import { randomSource } from '../../../../tasks/lib/signal/random.ts';
import { type AmplitudeShape, drawFrom, GAUSSIAN } from '../../../../tasks/lib/synthetic/amplitude-shape.ts';
import type { Detected } from '../../../../tasks/lib/verdict/recorded.ts';
import { spikeTrain } from './counted-train.ts';

/** What fires, and how high. */
export interface Cell {
  /** Spikes fired, the missed ones included. */
  readonly count: number;
  /** The sd of the heights, in MADs of the trace. */
  readonly sd?: number;
  /** How the heights lie about their mean. */
  readonly shape?: AmplitudeShape;
  /** Mean height over the threshold, in sd, of a spike at `time` in 0 to 1 of the recording; it may be drawn. */
  readonly mean: (time: number, uniform: () => number) => number;
}

export interface SyntheticRecording extends Detected {
  /** Share of all spikes that did not reach the threshold. */
  readonly missed: number;
}

/** Five minutes at 20 kHz, as the published recordings have, their threshold at 8 MAD; heights in MADs. */
const LENGTH = 6_000_000;
const SAMPLING_RATE = 20_000;
const THRESHOLD = 8;

/** What `detect` finds of the cell's spikes. The same seed gives the same recording on every machine. */
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

/** Numbers in [0, 1) from a stream of uint32. */
export function uniformFrom(random: () => number): () => number {
  return () => random() / 0x1_0000_0000;
}
