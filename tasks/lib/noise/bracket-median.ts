/**
 * Finds the median of a long trace by bracketing: a sample gives two values between which the median most probably lies;
 * a single pass over the trace counts the values below the bracket and collects the values inside; the median is then
 * found among the few collected. Exact: the counts show if the median is outside. (Floyd & Rivest 1975 choose pivots so.)
 */
import bracketWasm from '../assembly/bracket.wasm';
import { meanOfRanks } from './median-float32.ts';

const BRACKET_MODULE = new WebAssembly.Module(bracketWasm);

interface Bracket {
  readonly below: WebAssembly.Global<'i32'>;
  collect(values: number, count: number, low: number, high: number, into: number): number;
  distances(values: number, count: number, center: number): void;
}

const SAMPLE_SIZE = 32768;

/** Ranks on either side of the sample's median: four standard deviations of the rank for independent samples. */
const MARGIN = 384;

/** Shortest trace for which bracketing is faster. */
export const MIN_BRACKETED = 8 * SAMPLE_SIZE;

/** Values per call of the WASM module: two pages of memory for them, and two for the collected values. */
const BLOCK_LENGTH = 32768;
const BLOCK_BYTES = BLOCK_LENGTH * Float32Array.BYTES_PER_ELEMENT;

/**
 * Returns the median of the samples, or of their distances from `center` if given, equal to `medianFloat32`. Undefined if
 * the median is outside the bracket, or if the bracket holds a quarter of the values, because many are equal.
 */
export function bracketMedian(trace: Float32Array, center?: number): number | undefined {
  const memory = new WebAssembly.Memory({ initial: (2 * BLOCK_BYTES) / 65536 });
  const bracket = new WebAssembly.Instance(BRACKET_MODULE, { env: { memory } }).exports as unknown as Bracket;
  const block = new Float32Array(memory.buffer, 0, BLOCK_LENGTH);
  const found = new Float32Array(memory.buffer, BLOCK_BYTES, BLOCK_LENGTH);

  const [low, high] = likelyMiddle(trace, center);
  const collected = new Float32Array(trace.length >> 2);
  let count = 0;
  let below = 0;
  for (let start = 0; start < trace.length; start += BLOCK_LENGTH) {
    const part = trace.subarray(start, start + BLOCK_LENGTH);
    // NaN counts neither as below nor as inside.
    if (part.length < BLOCK_LENGTH) block.fill(Number.NaN);
    block.set(part);
    if (center !== undefined) bracket.distances(0, BLOCK_LENGTH, center);
    const more = bracket.collect(0, BLOCK_LENGTH, low, high, BLOCK_BYTES);
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

/** Position of sample `i`: pseudo-random within its stretch of `step`, so that sampling has no period in common with the trace. */
export const samplePosition = (i: number, step: number): number => i * step + ((Math.imul(i, 0x9e3779b1) >>> 8) % step);

function likelyMiddle(trace: Float32Array, center: number | undefined): readonly [low: number, high: number] {
  const step = Math.floor(trace.length / SAMPLE_SIZE);
  const sample = new Float32Array(SAMPLE_SIZE);
  for (let i = 0; i < SAMPLE_SIZE; i++) sample[i] = trace[samplePosition(i, step)] as number;
  if (center !== undefined) for (let i = 0; i < SAMPLE_SIZE; i++) sample[i] = Math.abs((sample[i] as number) - center);
  const low = SAMPLE_SIZE / 2 - MARGIN;
  const high = SAMPLE_SIZE / 2 + MARGIN;
  return [meanOfRanks(sample, low, low), meanOfRanks(sample, high, high)];
}
