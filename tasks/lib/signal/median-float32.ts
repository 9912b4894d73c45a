/** Three digits of a 32-bit key, the highest first. A digit's counters stay in the processor's nearest cache. */
const digits = [
  { shift: 21, size: 1 << 11, above: 0 },
  { shift: 10, size: 1 << 11, above: -1 << 21 },
  { shift: 0, size: 1 << 10, above: -1 << 10 },
] as const;

/**
 * The median of float32 samples, exact and equal to NumPy's to the last bit: an even count averages its
 * two middle values in float32. A zero comes back as +0. The caller has made sure that there is at least
 * one sample and no NaN.
 */
export const medianFloat32 = (samples: Float32Array): number =>
  meanOfRanks(samples, (samples.length - 1) >> 1, samples.length >> 1);

/**
 * The sample of rank `lower`, counted from 0, or its mean with that of rank `upper`, which is the same or the next.
 *
 * Radix selection over the bit patterns, digit by digit; nothing is copied or moved.
 */
export function meanOfRanks(samples: Float32Array, lower: number, upper: number): number {
  const patterns = new Int32Array(samples.buffer, samples.byteOffset, samples.length);
  const { key, equalAfter } = keyOfRank(patterns, lower);
  const value = valueAt(key);
  if (upper === lower) return value + 0;
  const next = equalAfter > 0 ? value : valueAt(smallestAbove(patterns, key));
  return Math.fround(Math.fround(value + next) / 2) + 0;
}

/** Keys are patterns that ascend, without sign, as the values do: negative ones inverted, the others above them. */
const keyOf = (pattern: number): number => pattern ^ ((pattern >> 31) | -0x80000000);

const valueAt = (key: number): number =>
  new Float32Array(Int32Array.of(key < 0 ? key ^ -0x80000000 : ~key).buffer)[0] as number;

/** The key of this rank, and how many of the higher ranks share it. */
function keyOfRank(patterns: Int32Array, rank: number): { key: number; equalAfter: number } {
  let key = 0;
  let left = rank;
  let count = 0;
  for (const { shift, size, above } of digits) {
    const counts = countDigit(patterns, key, above, shift, size);
    let digit = 0;
    for (; ; digit++) {
      count = counts[digit] as number;
      if (left < count) break;
      left -= count;
    }
    key |= digit << shift;
  }
  return { key, equalAfter: count - left - 1 };
}

/** How often each value of a digit occurs in the keys that have the digits above it in common with `prefix`. */
function countDigit(patterns: Int32Array, prefix: number, above: number, shift: number, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (let i = 0; i < patterns.length; i++) {
    const key = keyOf(patterns[i] as number);
    if (((key ^ prefix) & above) !== 0) continue;
    const digit = (key >>> shift) & (size - 1);
    counts[digit] = (counts[digit] as number) + 1;
  }
  return counts;
}

function smallestAbove(patterns: Int32Array, key: number): number {
  const bound = key >>> 0;
  let smallest = 0xffffffff;
  for (let i = 0; i < patterns.length; i++) {
    const other = keyOf(patterns[i] as number) >>> 0;
    if (other > bound && other < smallest) smallest = other;
  }
  return smallest | 0;
}
