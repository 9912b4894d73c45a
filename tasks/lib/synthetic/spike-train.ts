import type { Draw } from './draw.ts';

/** Samples a second, and the samples (3 ms) in which a cell does not fire again. */
export const SAMPLING_RATE = 20_000;
const REFRACTORY = 60;
/** Intervals within a burst: 3 to 10 ms. */
const BURST_EXTRA = 140;

export interface TrainPlan {
  /** Spikes a second that follow no other in a burst. */
  readonly rate: number;
  /** Chance that a spike is followed by another of the same burst. */
  readonly bursting: number;
  /** Factor of the rate at a time in seconds, at most 1: 0 while the cell is silent. */
  readonly course?: (seconds: number) => number;
}

/** The spikes of a cell. */
export interface Train {
  /** Samples, ascending. */
  readonly at: readonly number[];
  /** Number of spikes of the same burst before each spike. */
  readonly place: readonly number[];
}

/** Fires at random but for 3 ms after each spike; spikes of a burst follow each other by 3 to 10 ms. */
export function spikeTrain({ rate, bursting, course }: TrainPlan, length: number, draw: Draw): Train {
  const at: number[] = [];
  const place: number[] = [];
  const interval = SAMPLING_RATE / rate;
  for (let t = MARGIN + interval * draw.exponential(); ; t += REFRACTORY + interval * draw.exponential()) {
    for (let row = 0; ; row++) {
      if (t >= length - MARGIN) return { at, place };
      if (row === 0 && course && draw.uniform() >= course(t / SAMPLING_RATE)) break;
      at.push(Math.floor(t));
      place.push(row);
      if (draw.uniform() >= bursting) break;
      t += REFRACTORY + BURST_EXTRA * draw.uniform();
    }
  }
}

/** Keeps whole waveforms isWithin the recording. */
const MARGIN = 500;
