/**
 * The median of a long trace by bracketing: a sample says between which two values it most probably lies, one
 * pass over the trace counts what is below them and collects what is between, and the median is found among
 * the few collected. Exact: were it not between them, the counts show it. (Floyd & Rivest 1975 choose their pivots so.)
 */
import bracketWasm from './assembly/bracket.wasm';
import { meanOfRanks } from './median-float32.ts';

const bracketModule = new WebAssembly.Module(bracketWasm);

interface Bracket {
  readonly below: WebAssembly.Global<'i32'>;
  collect(values: number, count: number, low: number, high: number, into: number): number;
  distances(values: number, count: number, center: number): void;
}

const sampleSize = 32768;

/** Ranks on either side of the sample's median: four standard deviations of the rank, were the samples independent. */
const margin = 384;

/** Shorter ones are no faster for being sampled. */
export const shortestBracketed = 8 * sampleSize;

/** Values at a time in the module's memory: two pages each for them and for what is collected. */
const blockLength = 32768;
const blockBytes = blockLength * Float32Array.BYTES_PER_ELEMENT;

/**
 * The median of the samples, or, given a center, of their distances from it, as `medianFloat32` would find it:
 * undefined where it is not inside the bracket, or where a quarter of them are: where many are equal.
 */
export function bracketMedian(trace: Float32Array, center?: number): number | undefined {
  const memory = new WebAssembly.Memory({ initial: (2 * blockBytes) / 65536 });
  const bracket = new WebAssembly.Instance(bracketModule, { env: { memory } }).exports as unknown as Bracket;
  const block = new Float32Array(memory.buffer, 0, blockLength);
  const found = new Float32Array(memory.buffer, blockBytes, blockLength);

  const [low, high] = likelyMiddle(trace, center);
  const collected = new Float32Array(trace.length >> 2);
  let count = 0;
  let below = 0;
  for (let start = 0; start < trace.length; start += blockLength) {
    const part = trace.subarray(start, start + blockLength);
    // Neither below nor inside.
    if (part.length < blockLength) block.fill(Number.NaN);
    block.set(part);
    if (center !== undefined) bracket.distances(0, blockLength, center);
    const more = bracket.collect(0, blockLength, low, high, blockBytes);
    if (count + more > collected.length) return undefined;
    collected.set(found.subarray(0, more), count);
    count += more;
    below += bracket.below.value;
  }
  const lower = ((trace.length - 1) >> 1) - below;
  const upper = (trace.length >> 1) - below;
  if (lower < 0 || upper >= count) return undefined;
  return meanOfRanks(collected.subarray(0, count), lower, upper);
}

/** Where sample `i` is taken: anywhere in its stretch of `step`, lest a period of the trace is that of the sampling. */
export const samplePosition = (i: number, step: number): number => i * step + ((Math.imul(i, 0x9e3779b1) >>> 8) % step);

function likelyMiddle(trace: Float32Array, center: number | undefined): readonly [low: number, high: number] {
  const step = Math.floor(trace.length / sampleSize);
  const sample = new Float32Array(sampleSize);
  for (let i = 0; i < sampleSize; i++) sample[i] = trace[samplePosition(i, step)] as number;
  if (center !== undefined) for (let i = 0; i < sampleSize; i++) sample[i] = Math.abs((sample[i] as number) - center);
  const low = sampleSize / 2 - margin;
  const high = sampleSize / 2 + margin;
  return [meanOfRanks(sample, low, low), meanOfRanks(sample, high, high)];
}
