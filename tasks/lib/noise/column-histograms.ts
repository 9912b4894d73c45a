/** Counts each uint16 value in each column of interleaved frames, in WebAssembly. */
import countColumnsWasm from '../assembly/count-columns.wasm';
import { HISTOGRAM_BINS } from './histogram-median.ts';

const COUNT_COLUMNS_MODULE = new WebAssembly.Module(countColumnsWasm);

interface CountColumns {
  readonly counterBytes: WebAssembly.Global<'i32'>;
  countColumns(frames: number, frameCount: number, frameBytes: number, columns: number, counters: number): void;
}

const PAGE_BYTES = 65536;

/** Size of a block of frames that stays in the processor's cache while it is read once for every eight columns. */
const CACHED_BYTES = 128 * 1024;

export interface ColumnHistograms {
  /** Memory for interleaved frames to be counted: as many as suit the cache, at least a single frame. */
  readonly block: Uint16Array;
  /** Counts the first `frameCount` frames of the block. */
  count(frameCount: number): void;
  /** The 65536 counts of a column so far. */
  of(column: number): Uint32Array;
}

/**
 * Prepares histograms of the columns from `first` to `end` (exclusive) of frames of `channels` columns. A column takes
 * 257 KB of address space, and memory only for the values that occur.
 */
export function columnHistograms(channels: number, first: number, end: number): ColumnHistograms {
  const frameBytes = channels * Uint16Array.BYTES_PER_ELEMENT;
  const blockBytes = Math.max(1, Math.floor(CACHED_BYTES / frameBytes)) * frameBytes;
  const counters = Math.ceil(blockBytes / Uint32Array.BYTES_PER_ELEMENT) * Uint32Array.BYTES_PER_ELEMENT;
  const memory = new WebAssembly.Memory({ initial: 0 });
  const { countColumns, counterBytes } = new WebAssembly.Instance(COUNT_COLUMNS_MODULE, { env: { memory } })
    .exports as unknown as CountColumns;
  const columnBytes = counterBytes.value;
  memory.grow(Math.ceil((counters + (end - first) * columnBytes) / PAGE_BYTES));
  const firstSample = first * Uint16Array.BYTES_PER_ELEMENT;
  return {
    block: new Uint16Array(memory.buffer, 0, blockBytes / Uint16Array.BYTES_PER_ELEMENT),
    count: (frameCount) => countColumns(firstSample, frameCount, frameBytes, end - first, counters),
    of: (column) => new Uint32Array(memory.buffer, counters + (column - first) * columnBytes, HISTOGRAM_BINS),
  };
}
