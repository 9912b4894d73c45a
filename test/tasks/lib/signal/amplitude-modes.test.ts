import { describe, expect, test } from 'vitest';
import { amplitudeModes } from '../../../../tasks/lib/signal/amplitude-modes.ts';
import { randomSource } from '../../../../tasks/lib/signal/random.ts';
import { gaussianQuantile } from './gaussian.ts';

/** Heights over the threshold of `n` spikes: each mean with its share of them, sd 1, by `order` in time. */
function heights(
  n: number,
  cells: readonly { mean: number; share: number }[],
  order: 'mixed' | 'one by one',
): Float64Array {
  const random = randomSource(5);
  const all = cells.flatMap(({ mean, share }) => {
    const count = Math.round(n * share);
    return Array.from({ length: count }, (_, i) => mean + gaussianQuantile((i + 0.5) / count));
  });
  const at = new Map(all.map((height) => [height, random()]));
  if (order === 'mixed') all.sort((a, b) => (at.get(a) ?? 0) - (at.get(b) ?? 0));
  return Float64Array.from(all);
}

describe.each([300, 3000])('of %i spikes', (n) => {
  test('one Gaussian is one size, cut by the threshold or not', () => {
    expect(amplitudeModes(heights(n, [{ mean: 8, share: 1 }], 'mixed'))).toMatchObject({ count: 1, groups: null });
    const cut = heights(2 * n, [{ mean: 0, share: 1 }], 'mixed').filter((y) => y > 0);
    expect(amplitudeModes(cut)?.count).toBe(1);
  });

  test('skew is not two sizes', () => {
    const skewed = heights(n, [{ mean: 0, share: 1 }], 'mixed').map((z) => 6 + z + 0.25 * z * z);
    expect(amplitudeModes(skewed)?.count).toBe(1);
  });

  test('two cells side by side', () => {
    const modes = amplitudeModes(
      heights(
        n,
        [
          { mean: 6, share: 0.3 },
          { mean: 11, share: 0.7 },
        ],
        'mixed',
      ),
    );
    expect(modes).toMatchObject({ count: 2, groups: { sideBySide: true } });
    expect(modes?.groups?.weight).toBeCloseTo(0.3, 1);
    expect(modes?.groups?.separation).toBeGreaterThan(4);
    expect(modes?.dipP).toBeLessThan(0.01);
  });

  test('one cell before and after a step', () => {
    const modes = amplitudeModes(
      heights(
        n,
        [
          { mean: 6, share: 0.5 },
          { mean: 11, share: 0.5 },
        ],
        'one by one',
      ),
    );
    expect(modes).toMatchObject({ count: 2, groups: { sideBySide: false } });
  });
});

test('a handful of other spikes is no second size; too few spikes have none', () => {
  expect(
    amplitudeModes(
      heights(
        1000,
        [
          { mean: 20, share: 0.97 },
          { mean: 6, share: 0.03 },
        ],
        'mixed',
      ),
    )?.count,
  ).toBe(1);
  expect(amplitudeModes(heights(29, [{ mean: 20, share: 1 }], 'mixed'))).toBeNull();
});
