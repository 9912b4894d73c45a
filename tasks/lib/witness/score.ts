/** The score of every moment of a recording: 1 where the array shows a spike just like the cell's, around 0 elsewhere. */
import type { Template } from './electrodes.ts';

/** Samples at a time: the scores of a block stay in the processor's cache while all taps pass over it. */
const BLOCK = 4096;

/** The score at t is the filter's product with the window in which the pipette's peak would be at t; 0 at the very ends. */
export function scoreTrace(traces: readonly Float32Array[], taps: Float64Array, template: Template): Float32Array {
  const { before, width } = template;
  const length = traces[0]?.length ?? 0;
  const scores = new Float32Array(length);
  const last = length - (width - before);
  const sums = new Float64Array(BLOCK);
  const fours = traces.map((_, index) => inFours(taps.subarray(index * width, (index + 1) * width)));
  for (let start = before; start <= last; start += BLOCK) {
    const count = Math.min(BLOCK, last + 1 - start);
    sums.fill(0);
    for (const [index, trace] of traces.entries()) {
      for (const four of fours[index] as readonly Four[]) addFour(sums, count, trace, start - before, four);
    }
    for (let i = 0; i < count; i++) scores[start + i] = sums[i] as number;
  }
  return scores;
}

/** Four taps with their places: together they take half the time, for each sum is loaded and stored once. */
interface Four {
  readonly places: readonly [number, number, number, number];
  readonly taps: readonly [number, number, number, number];
}

/** The taps that are not 0; the last four are filled up with zeros. */
function inFours(taps: Float64Array): Four[] {
  const kept = [...taps.keys()].filter((place) => taps[place] !== 0);
  return Array.from({ length: Math.ceil(kept.length / 4) }, (_, row) => {
    const place = (k: number) => kept[4 * row + k] ?? 0;
    const tap = (k: number) => (4 * row + k < kept.length ? (taps[place(k)] as number) : 0);
    return { places: [place(0), place(1), place(2), place(3)], taps: [tap(0), tap(1), tap(2), tap(3)] };
  });
}

function addFour(sums: Float64Array, count: number, trace: Float32Array, from: number, { places, taps }: Four): void {
  const [a, b, c, d] = places.map((place) => from + place) as [number, number, number, number];
  const [ta, tb, tc, td] = taps;
  for (let i = 0; i < count; i++) {
    sums[i] =
      (sums[i] as number) +
      (ta * (trace[a + i] as number) + tb * (trace[b + i] as number)) +
      (tc * (trace[c + i] as number) + td * (trace[d + i] as number));
  }
}

/** The scores that one spike like the waveform leaves at shifts -(width - 1) to width - 1 around itself; 1 in the middle. */
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

/** Takes spikes of these sizes (1: the waveform itself) out of the scores and the traces, in place. */
export function takeOut(
  spikes: readonly SeenSpike[],
  { scores, traces }: { readonly scores: Float32Array; readonly traces: readonly Float32Array[] },
  taps: Float64Array,
  template: Template,
): void {
  const { before, width, shape } = template;
  const own = ownScores(taps, template);
  for (const { at, score } of spikes) {
    const size = Math.min(LARGEST, Math.max(0, score));
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

/** A score over this is another, larger cell's or an artefact: only so much of it is taken for this cell. */
const LARGEST = 2;

/** One of the pipette's spikes as the array shows it. */
export interface SeenSpike {
  /** Sample of the pipette's peak. */
  readonly spike: number;
  /** Where the score is highest near it. */
  readonly at: number;
  readonly score: number;
}

/** How far from the pipette's peak the array's may lie for all spikes, and how much it may jitter, in ms. */
const OFFSET_MS = 0.3;
const JITTER_MS = 0.15;

/** How much later the array shows the pipette's spikes, in samples: the median over the highest scores near them. */
export function usualDelay(scores: Float32Array, spikes: readonly number[], samplingRate: number): number {
  const reach = Math.round((OFFSET_MS * samplingRate) / 1000);
  const inside = spikes.filter((spike) => spike >= reach && spike < scores.length - reach);
  const delays = inside.map((spike) => highest(scores, spike, reach) - spike).sort((a, b) => a - b);
  return delays[delays.length >> 1] ?? 0;
}

/** Looks moments of the pipette up in the scores, at the usual delay, give or take the jitter; those at the very ends are left out. */
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
