import { expect, test } from 'vitest';
import { shareOf } from '../../../../tasks/lib/statistics/share.ts';

// Wilson's interval, from its formula.
test.each([
  [10, 100, '0.0552', '0.1744'],
  [1, 30, '0.0059', '0.1667'],
  [0, 10, '0.0000', '0.2775'],
  [10, 10, '0.7225', '1.0000'],
])('shareOf has the Wilson interval for %i of %i', (part, whole, low, high) => {
  const share = shareOf(part, whole);
  expect([share.value, share.low.toFixed(4), share.high.toFixed(4)]).toEqual([part / whole, low, high]);
});
