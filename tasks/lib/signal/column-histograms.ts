/** How often each uint16 value occurs in each column of interleaved frames, counted in WebAssembly. */
import countColumnsWasm from './assembly/count-columns.wasm';
import { histogramBins } from './histogram-median.ts';

const countColumnsModule = new WebAssembly.Module(countColumnsWasm);

interface CountColumns {
  readonly counterBytes: WebAssembly.Global<'i32'>;
  countColumns(frames: number, frameCount: number, frameBytes: number, columns: number, counters: number): void;
}

const pageBytes = 65536;

/** Frames in this much memory stay in the processor's cache while they are read once for every eight columns. */
const cachedBytes = 128 * 1024;

export interface ColumnHistograms {
  /** Where frames are put to be counted, interleaved: as many as suit the cache, at least one. */
  readonly block: Uint16Array;
  /** Counts the first `frameCount` frames of the block. */
  count(frameCount: number): void;
  /** How often each value has occurred in a column: 65536 counts. */
  of(column: number): Uint32Array;
}

/**
 * Histograms of the columns from `first` to `end` (not included) of frames of `channels` columns. A column takes
 * 257 KB of address space, and as much memory as the values that occur do.
 */
export function columnHistograms(channels: number, first: number, end: number): ColumnHistograms {
  const frameBytes = channels * Uint16Array.BYTES_PER_ELEMENT;
  const blockBytes = Math.max(1, Math.floor(cachedBytes / frameBytes)) * frameBytes;
  const counters = Math.ceil(blockBytes / Uint32Array.BYTES_PER_ELEMENT) * Uint32Array.BYTES_PER_ELEMENT;
  const memory = new WebAssembly.Memory({ initial: 0 });
  const { countColumns, counterBytes } = new WebAssembly.Instance(countColumnsModule, { env: { memory } })
    .exports as unknown as CountColumns;
  const columnBytes = counterBytes.value;
  memory.grow(Math.ceil((counters + (end - first) * columnBytes) / pageBytes));
  const firstSample = first * Uint16Array.BYTES_PER_ELEMENT;
  return {
    block: new Uint16Array(memory.buffer, 0, blockBytes / Uint16Array.BYTES_PER_ELEMENT),
    count: (frameCount) => countColumns(firstSample, frameCount, frameBytes, end - first, counters),
    of: (column) => new Uint32Array(memory.buffer, counters + (column - first) * columnBytes, histogramBins),
  };
}
