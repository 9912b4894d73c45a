import { describe, expect, test } from 'vitest';
import { amplitudeModes } from '../../../../tasks/lib/spikes/amplitude-modes.ts';
import { randomSource } from '../../../../tasks/lib/statistics/random.ts';
import { gaussianQuantile } from '../statistics/gaussian.ts';

/** Heights over the threshold of `n` spikes: means with their shares, sd 1, in the order of time given by `order`. */
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

describe.each([300, 3000])('amplitude modes of %i spikes', (n) => {
  test('amplitudeModes finds a single mode in a Gaussian, truncated or not', () => {
    expect(amplitudeModes(heights(n, [{ mean: 8, share: 1 }], 'mixed'))).toMatchObject({ count: 1, groups: null });
    const cut = heights(2 * n, [{ mean: 0, share: 1 }], 'mixed').filter((y) => y > 0);
    expect(amplitudeModes(cut)?.count).toBe(1);
  });

  test('amplitudeModes finds a single mode in a skewed distribution', () => {
    const skewed = heights(n, [{ mean: 0, share: 1 }], 'mixed').map((z) => 6 + z + 0.25 * z * z);
    expect(amplitudeModes(skewed)?.count).toBe(1);
  });

  test('amplitudeModes finds two cells that fire in the same period', () => {
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

  test('amplitudeModes finds two sizes before and after a step', () => {
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

test('amplitudeModes ignores a handful of other spikes, and is null for too few spikes', () => {
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
