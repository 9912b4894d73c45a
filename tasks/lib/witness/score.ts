/** Scores every sample of a recording: 1 at a spike that equals the cell's waveform on the array, about 0 elsewhere. */
import type { Template } from './electrodes.ts';

/** Samples of a block: its scores stay in the processor's cache while all taps pass over it. */
const BLOCK = 4096;

/** The score at t is the filter's product with the window that has the pipette's peak at t; 0 at the very ends. */
export function scoreTrace(traces: readonly Float32Array[], taps: Float64Array, template: Template): Float32Array {
  const { before, width } = template;
  const length = traces[0]?.length ?? 0;
  const scores = new Float32Array(length);
  const last = length - (width - before);
  const sums = new Float64Array(BLOCK);
  const fours = traces.map((_, index) => groupsOfFour(taps.subarray(index * width, (index + 1) * width)));
  for (let start = before; start <= last; start += BLOCK) {
    const block = sums.subarray(0, last + 1 - start).fill(0);
    for (const [index, trace] of traces.entries()) {
      for (const four of fours[index] as readonly FourTaps[]) addFour(block, trace, start - before, four);
    }
    scores.set(block, start);
  }
  return scores;
}

/** Four taps with their offsets: together they take half the time, for each sum is loaded and stored once. */
interface FourTaps {
  readonly offsets: readonly [number, number, number, number];
  readonly taps: readonly [number, number, number, number];
}

/** Groups the taps that are not 0; zeros fill up the last group. */
function groupsOfFour(taps: Float64Array): FourTaps[] {
  const kept = [...taps.keys()].filter((offset) => taps[offset] !== 0);
  return Array.from({ length: Math.ceil(kept.length / 4) }, (_, row) => {
    const offset = (k: number) => kept[4 * row + k] ?? 0;
    const tap = (k: number) => (4 * row + k < kept.length ? (taps[offset(k)] as number) : 0);
    return { offsets: [offset(0), offset(1), offset(2), offset(3)], taps: [tap(0), tap(1), tap(2), tap(3)] };
  });
}

function addFour(sums: Float64Array, trace: Float32Array, from: number, { offsets, taps }: FourTaps): void {
  const [a, b, c, d] = offsets.map((offset) => from + offset) as [number, number, number, number];
  const [ta, tb, tc, td] = taps;
  for (let i = 0; i < sums.length; i++) {
    sums[i] =
      (sums[i] as number) +
      (ta * (trace[a + i] as number) + tb * (trace[b + i] as number)) +
      (tc * (trace[c + i] as number) + td * (trace[d + i] as number));
  }
}

/** The scores around a spike that equals the waveform, at shifts -(width - 1) to width - 1; 1 in the middle. */
export function ownScores(taps: Float64Array, { width, shape, electrodes }: Template): Float64Array {
  return Float64Array.from({ length: 2 * width - 1 }, (_, index) => {
    const shift = index - (width - 1);
    let sum = 0;
    for (let electrode = 0; electrode < electrodes.length; electrode++) {
      for (let k = Math.max(0, -shift); k < Math.min(width, width - shift); k++) {
        sum += (taps[electrode * width + k] as number) * (shape[electrode * width + k + shift] as number);
      }
    }
    return sum;
  });
}

/** Subtracts spikes of these sizes (1: the waveform itself) from the scores and the traces, in place. */
export function subtractSpikes(
  spikes: readonly SeenSpike[],
  { scores, traces }: { readonly scores: Float32Array; readonly traces: readonly Float32Array[] },
  taps: Float64Array,
  template: Template,
): void {
  const { before, width, shape } = template;
  const own = ownScores(taps, template);
  for (const { at, score } of spikes) {
    const size = Math.min(LARGEST_SIZE, Math.max(0, score));
    for (let index = 0; index < own.length; index++) {
      const to = at + index - (width - 1);
      if (to >= 0 && to < scores.length) scores[to] = (scores[to] as number) - size * (own[index] as number);
    }
    for (const [electrode, trace] of traces.entries()) {
      for (let k = 0; k < width; k++) {
        const to = at - before + k;
        if (to < 0 || to >= trace.length) continue;
        trace[to] = (trace[to] as number) - size * (shape[electrode * width + k] as number);
      }
    }
  }
}

/** Largest size that is subtracted: a higher score is another, larger cell's or an artefact. */
const LARGEST_SIZE = 2;

/** One of the pipette's spikes as the array shows it. */
export interface SeenSpike {
  /** Sample of the pipette's peak. */
  readonly spike: number;
  /** Sample of the highest score near it. */
  readonly at: number;
  readonly score: number;
}

/** Largest delay of the array's peak after the pipette's, common to all spikes, and its largest jitter, in ms. */
const OFFSET_MS = 0.3;
const JITTER_MS = 0.15;

/** Median delay from the pipette's spikes to the highest scores near them, in samples. */
export function usualDelay(scores: Float32Array, spikes: readonly number[], samplingRate: number): number {
  const reach = Math.round((OFFSET_MS * samplingRate) / 1000);
  const inside = spikes.filter((spike) => spike >= reach && spike < scores.length - reach);
  const delays = inside.map((spike) => highest(scores, spike, reach) - spike).sort((a, b) => a - b);
  return delays[delays.length >> 1] ?? 0;
}

/** Finds the highest score near each moment of the pipette, at the usual delay within the jitter. Leaves out moments at the very ends. */
export function lookUp(
  scores: Float32Array,
  moments: readonly number[],
  { delay, samplingRate }: { readonly delay: number; readonly samplingRate: number },
): SeenSpike[] {
  const jitter = Math.round((JITTER_MS * samplingRate) / 1000);
  const reach = Math.abs(delay) + jitter;
  return moments
    .filter((spike) => spike >= reach && spike < scores.length - reach)
    .map((spike) => {
      const at = highest(scores, spike + delay, jitter);
      return { spike, at, score: scores[at] as number };
    });
}

function highest(scores: Float32Array, around: number, reach: number): number {
  let best = around - reach;
  for (let at = best + 1; at <= around + reach; at++) {
    if ((scores[at] as number) > (scores[best] as number)) best = at;
  }
  return best;
}
