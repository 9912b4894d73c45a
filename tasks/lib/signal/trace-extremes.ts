/** The extremes of short stretches of a long trace: four samples at a time, a block of the trace after the other. */
import extremesWasm from './assembly/extremes.wasm';

const extremesModule = new WebAssembly.Module(extremesWasm);

interface Kernel {
  extremes(values: number, bins: number, size: number, low: number, high: number): void;
}

export interface TraceExtremes {
  /** Samples of a bin; the last one may be shorter. */
  readonly size: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** Samples at a time in the module's memory: they stay in the processor's cache. */
const blockLength = 32768;
const pageBytes = 65536;

/** Lowest and highest sample of each bin of `size` samples; NaN where one of them is. Of 0 and -0 either may come out. */
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

/** At least four samples each. */
function ofWholeBins(trace: Float32Array, whole: number, { size, low, high }: TraceExtremes): void {
  const together = Math.max(1, Math.floor(blockLength / size));
  const [valueBytes, resultBytes] = [4 * together * size, 4 * together];
  const memory = new WebAssembly.Memory({ initial: Math.ceil((valueBytes + 2 * resultBytes) / pageBytes) });
  const kernel = new WebAssembly.Instance(extremesModule, { env: { memory } }).exports as unknown as Kernel;
  const block = new Float32Array(memory.buffer, 0, together * size);
  const lowest = new Float32Array(memory.buffer, valueBytes, together);
  const highest = new Float32Array(memory.buffer, valueBytes + resultBytes, together);
  for (let bin = 0; bin < whole; bin += together) {
    const count = Math.min(together, whole - bin);
    block.set(trace.subarray(bin * size, (bin + count) * size));
    kernel.extremes(0, count, size, valueBytes, valueBytes + resultBytes);
    low.set(lowest.subarray(0, count), bin);
    high.set(highest.subarray(0, count), bin);
  }
}
