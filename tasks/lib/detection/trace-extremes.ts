/** Finds the extremes of short bins of a long trace in WebAssembly: four samples at a time, block after block. */
import extremesWasm from '../assembly/extremes.wasm';

const EXTREMES_MODULE = new WebAssembly.Module(extremesWasm);

interface Kernel {
  extremes(values: number, bins: number, size: number, low: number, high: number): void;
}

export interface TraceExtremes {
  /** Samples per bin; the last bin may be shorter. */
  readonly size: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Samples per call of the WASM module; they stay in the processor's cache. */
const BLOCK_LENGTH = 32768;
const PAGE_BYTES = 65536;

/** Returns the lowest and highest sample of each bin of `size` samples; NaN if a sample is NaN. 0 and -0 count as equal. */
export function traceExtremes(trace: Float32Array, size: number): TraceExtremes {
  const bins = Math.ceil(trace.length / size);
  const extremes = { size, low: new Float32Array(bins), high: new Float32Array(bins) };
  const whole = size < 4 ? 0 : Math.floor(trace.length / size);
  if (whole > 0) ofWholeBins(trace, whole, extremes);
  for (let bin = whole; bin < bins; bin++) {
    const samples = trace.subarray(bin * size, (bin + 1) * size);
    extremes.low[bin] = Math.min(...samples);
    extremes.high[bin] = Math.max(...samples);
  }
  return extremes;
}

/** Fills the extremes of whole bins of at least four samples. */
function ofWholeBins(trace: Float32Array, whole: number, { size, low, high }: TraceExtremes): void {
  const binsPerCall = Math.max(1, Math.floor(BLOCK_LENGTH / size));
  const [valueBytes, resultBytes] = [4 * binsPerCall * size, 4 * binsPerCall];
  const memory = new WebAssembly.Memory({ initial: Math.ceil((valueBytes + 2 * resultBytes) / PAGE_BYTES) });
  const kernel = new WebAssembly.Instance(EXTREMES_MODULE, { env: { memory } }).exports as unknown as Kernel;
  const block = new Float32Array(memory.buffer, 0, binsPerCall * size);
  const lowest = new Float32Array(memory.buffer, valueBytes, binsPerCall);
  const highest = new Float32Array(memory.buffer, valueBytes + resultBytes, binsPerCall);
  for (let bin = 0; bin < whole; bin += binsPerCall) {
    const count = Math.min(binsPerCall, whole - bin);
    block.set(trace.subarray(bin * size, (bin + count) * size));
    kernel.extremes(0, count, size, valueBytes, valueBytes + resultBytes);
    low.set(lowest.subarray(0, count), bin);
    high.set(highest.subarray(0, count), bin);
  }
}
