interface Digit {
  readonly shift: number;
  readonly size: number;
  /** Mask of the higher digits. */
  readonly above: number;
}

/** Three digits of a 32-bit key, the highest first; the counters of a digit stay in the processor's nearest cache. */
const DIGITS: readonly Digit[] = [
  { shift: 21, size: 1 << 11, above: 0 },
  { shift: 10, size: 1 << 11, above: -1 << 21 },
  { shift: 0, size: 1 << 10, above: -1 << 10 },
];

/**
 * Returns the median of float32 samples, equal to NumPy's to the last bit: an even number averages its two middle values
 * in float32. A zero is +0. The caller ensures that there is a sample and no NaN.
 */
export const medianFloat32 = (samples: Float32Array): number =>
  meanOfRanks(samples, (samples.length - 1) >> 1, samples.length >> 1);

/**
 * Returns the sample of rank `lower`, counted from 0, or its mean with that of rank `upper`, the same or the next rank.
 * Radix selection over the bit patterns, digit by digit, without copying or moving samples.
 */
export function meanOfRanks(samples: Float32Array, lower: number, upper: number): number {
  const patterns = new Int32Array(samples.buffer, samples.byteOffset, samples.length);
  const { key, equalAfter } = keyOfRank(patterns, lower);
  const value = valueAt(key);
  if (upper === lower) return value + 0;
  const next = equalAfter > 0 ? value : valueAt(smallestAbove(patterns, key));
  return Math.fround(Math.fround(value + next) / 2) + 0;
}

/** Maps patterns to keys that, read without sign, ascend with the values: negative patterns inverted, the others above. */
const keyOf = (pattern: number): number => pattern ^ ((pattern >> 31) | -0x80000000);

const valueAt = (key: number): number =>
  new Float32Array(Int32Array.of(key < 0 ? key ^ -0x80000000 : ~key).buffer)[0] as number;

/** Finds the key of this rank, and the number of higher ranks with the same key. */
function keyOfRank(patterns: Int32Array, rank: number): { key: number; equalAfter: number } {
  let key = 0;
  let left = rank;
  let count = 0;
  for (const digit of DIGITS) {
    const counts = countDigit(patterns, key, digit);
    let value = 0;
    for (; ; value++) {
      count = counts[value] as number;
      if (left < count) break;
      left -= count;
    }
    key |= value << digit.shift;
  }
  return { key, equalAfter: count - left - 1 };
}

/** Counts the values of a digit in the keys whose higher digits equal those of `prefix`. */
function countDigit(patterns: Int32Array, prefix: number, { shift, size, above }: Digit): Uint32Array {
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
