/**
 * The median of float32 samples, exact and equal to NumPy's to the last bit: an even count averages its
 * two middle values in float32. A zero comes back as +0. The caller has made sure that there is at least
 * one sample and no NaN.
 *
 * Two radix passes over the bit patterns, upper halves first; nothing is copied or moved.
 */
export function medianFloat32(samples: Float32Array): number {
  const bits = new Uint32Array(samples.buffer, samples.byteOffset, samples.length);
  const tops = countTops(bits);
  const lower = locate(tops, (bits.length - 1) >> 1, topAt);
  const upper = locate(tops, bits.length >> 1, topAt);
  const lows = countLows(bits, lower.half);
  const lowerValue = valueAt(lower, lows);
  if (bits.length % 2 === 1) return lowerValue + 0;
  const upperValue = valueAt(upper, upper.half === lower.half ? lows : countLows(bits, upper.half));
  return Math.fround(Math.fround(lowerValue + upperValue) / 2) + 0;
}

/** How often each upper half of 16 bits occurs. */
function countTops(bits: Uint32Array): Uint32Array {
  const counts = new Uint32Array(0x10000);
  for (let i = 0; i < bits.length; i++) {
    const top = (bits[i] as number) >>> 16;
    counts[top] = (counts[top] as number) + 1;
  }
  return counts;
}

/** How often each lower half occurs along with this upper one. */
function countLows(bits: Uint32Array, top: number): Uint32Array {
  const counts = new Uint32Array(0x10000);
  for (let i = 0; i < bits.length; i++) {
    const pattern = bits[i] as number;
    if (pattern >>> 16 === top) counts[pattern & 0xffff] = (counts[pattern & 0xffff] as number) + 1;
  }
  return counts;
}

interface Place {
  readonly half: number;
  /** Rank among all that share this half. */
  readonly rank: number;
}

/** The half in which the value of this rank lies; `halfAt` lists halves by ascending value. */
function locate(counts: Uint32Array, rank: number, halfAt: (step: number) => number): Place {
  let left = rank;
  for (let step = 0; ; step++) {
    const half = halfAt(step);
    const count = counts[half] as number;
    if (left < count) return { half, rank: left };
    left -= count;
  }
}

// Negative numbers come first; the larger their bit pattern, the smaller they are.
const topAt = (step: number): number => (step < 0x8000 ? 0xffff - step : step - 0x8000);

function valueAt(top: Place, lows: Uint32Array): number {
  const low = locate(lows, top.rank, (step) => (top.half < 0x8000 ? step : 0xffff - step));
  return new Float32Array(Uint32Array.of((top.half << 16) | low.half).buffer)[0] as number;
}
