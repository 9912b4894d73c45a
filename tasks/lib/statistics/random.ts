/**
 * Makes seeded random numbers that are the same on every machine, by 32-bit integer arithmetic only.
 *
 * The generator is sfc32 (C. Doty-Humphrey, PractRand), its state filled by splitmix32 from the seed, so
 * that neighbouring seeds give unrelated streams.
 */

/** Returns a stream of uint32 values; only the low 32 bits of the seed count. */
export function randomSource(seed: number): () => number {
  const fill = splitmix32(seed);
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  return () => {
    const value = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + value) | 0;
    return value >>> 0;
  };
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

/**
 * Draws `count` of the indexes 0..n-1, every set with equal probability, in ascending order; all indexes if `count` is n or
 * more. R. Floyd's algorithm (Bentley 1987), with a single random number per index.
 */
export function drawWithoutReplacement(n: number, count: number, seed: number): number[] {
  if (count >= n) return Array.from({ length: n }, (_, index) => index);
  const random = randomSource(seed);
  const drawn = new Set<number>();
  for (let last = n - count; last < n; last++) {
    const index = below(random, last + 1);
    drawn.add(drawn.has(index) ? last : index);
  }
  return [...drawn].sort((a, b) => a - b);
}

/** Draws an unbiased whole number in 0..bound-1: values past the last full multiple of `bound` are discarded. */
function below(random: () => number, bound: number): number {
  const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
  let value = random();
  while (value >= limit) value = random();
  return value % bound;
}
