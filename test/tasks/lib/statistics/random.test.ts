import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawWithoutReplacement, randomSource } from '../../../../tasks/lib/statistics/random.ts';

/** Expected values from an independent implementation in Python. */
test.each([
  [0, [1042467279, 43268146, 720511638, 3216311226]],
  [1, [1930539107, 2003999907, 2883482671, 4206869851]],
  [4294967295, [3948599743, 3125754026, 3912479616, 2444141026]],
])('randomSource gives a fixed stream for seed %i', (seed, expected) => {
  const random = randomSource(seed);
  expect(expected.map(() => random())).toEqual(expected);
});

test('drawWithoutReplacement draws ascending, distinct indexes in range, reproducibly', () => {
  const sizes = fc.record({ n: fc.nat(300), count: fc.nat(310), seed: fc.nat(0xffffffff) });
  fc.assert(
    fc.property(sizes, ({ n, count, seed }) => {
      const drawn = drawWithoutReplacement(n, count, seed);
      expect(drawn).toHaveLength(Math.min(n, count));
      expect(drawn.every((index, i) => index >= 0 && index < n && (i === 0 || index > (drawn[i - 1] ?? n)))).toBe(true);
      expect(drawWithoutReplacement(n, count, seed)).toEqual(drawn);
    }),
  );
});

test('drawWithoutReplacement draws every pair of five about equally often', () => {
  const times = new Map<string, number>();
  for (let seed = 0; seed < 10_000; seed++) {
    const pair = drawWithoutReplacement(5, 2, seed).join();
    times.set(pair, (times.get(pair) ?? 0) + 1);
  }
  expect(times.size).toBe(10);
  // 1,000 expected, standard deviation 30.
  for (const count of times.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('drawWithoutReplacement draws other indexes with another seed', () => {
  expect(drawWithoutReplacement(1000, 150, 1)).not.toEqual(drawWithoutReplacement(1000, 150, 0));
});
