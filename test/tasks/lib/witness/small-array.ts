/** Makes small array recordings of known truth: white noise, a cell, perhaps a second cell. */
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import type { Template } from '../../../../tasks/lib/witness/electrodes.ts';

export const SAMPLING_RATE = 20_000;
const [BEFORE, WIDTH] = [20, 60];

export interface World {
  readonly seconds: number;
  /** Spikes a second. */
  readonly rate: number;
  /** Depth of the spike on each electrode, in sds of the noise. */
  readonly heights: readonly number[];
  readonly seed: number;
}

/** A spike's shape: down, and half as far up again. */
const pulse = (k: number): number => {
  const t = k - BEFORE;
  if (t < -6 || t > 24) return 0;
  return t <= 6 ? -(1 - Math.abs(t) / 7) : (0.4 * (24 - t)) / 18;
};

/** The waveform on electrodes with these heights, later by `late` samples on each next electrode. */
export function templateOf(heights: readonly number[], late = 1): Template {
  const shape = new Float64Array(heights.length * WIDTH);
  for (const [electrode, height] of heights.entries()) {
    for (let k = 0; k < WIDTH; k++) shape[electrode * WIDTH + k] = height * pulse(k - late * electrode);
  }
  return { electrodes: heights.map((_, electrode) => electrode), before: BEFORE, width: WIDTH, shape, peak: 0 };
}

const made = new Map<string, readonly Float32Array[]>();

/** Noise of sd 1 on each electrode; drawn once for each length, number and seed. */
export function noiseTraces({ seconds, heights, seed }: World): Float32Array[] {
  const name = `${seconds} ${heights.length} ${seed}`;
  const traces = made.get(name) ?? heights.map((_, electrode) => noise(seconds * SAMPLING_RATE, seed + electrode));
  made.set(name, traces);
  return traces.map((trace) => trace.slice());
}

/** The sum of six uniform numbers, scaled to a variance of 1: near enough to Gaussian. */
function noise(samples: number, seed: number): Float32Array {
  const random = randomSource(seed);
  const trace = new Float32Array(samples);
  for (let i = 0; i < samples; i++) {
    let sum = 0;
    for (let k = 0; k < 6; k++) sum += random();
    trace[i] = (sum / 0x1_0000_0000 - 3) * Math.SQRT2;
  }
  return trace;
}

/** Spike times with 3 ms of refractoriness. */
export function spikeTimes({ seconds, rate, seed }: World): number[] {
  const random = randomSource(seed + 1000);
  const times: number[] = [];
  for (let at = 200; ; ) {
    at += 60 + Math.floor(((random() / 0x1_0000_0000) * 2 * SAMPLING_RATE) / rate);
    if (at > seconds * SAMPLING_RATE - 200) return times;
    times.push(at);
  }
}

export function addSpikes(traces: readonly Float32Array[], template: Template, times: readonly number[]): void {
  for (const at of times) {
    for (const [electrode, trace] of traces.entries()) {
      for (let k = 0; k < WIDTH; k++) {
        const to = at - BEFORE + k;
        trace[to] = (trace[to] as number) + (template.shape[electrode * WIDTH + k] as number);
      }
    }
  }
}

/** Every n-th, from `first` on. */
export const everyNth = <T>(values: readonly T[], n: number, first = 0): T[] =>
  values.filter((_, index) => index % n === first);
