import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitted, moved, zoomed } from '../../../../../tasks/lib/report/page/stretch.ts';

const duration = 300;
const stretch = fc
  .tuple(fc.double({ min: -50, max: 350, noNaN: true }), fc.double({ min: 0, max: 400, noNaN: true }))
  .map(([from, length]) => fitted({ from, to: from + length }, duration));

test('a stretch stays within the recording and above the shortest length after any zooms and moves', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({
        factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ by: fc.double({ min: -3, max: 3, noNaN: true }) }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(stretch, steps, (first, all) => {
      let now = first;
      for (const step of all) {
        if ('by' in step) now = moved(now, step.by, duration);
        else now = zoomed(now, step.factor, now.from + step.part * (now.to - now.from), duration);
        expect(now.from).toBeGreaterThanOrEqual(0);
        expect(now.to).toBeLessThanOrEqual(duration + 1e-9);
        expect(now.to - now.from).toBeGreaterThan(0.0099);
      }
    }),
  );
});

test('zoomed keeps the time under the pointer in place', () => {
  expect(zoomed({ from: 100, to: 200 }, 0.5, 120, duration)).toEqual({ from: 110, to: 160 });
});

test('moved stops at the ends of the recording', () => {
  expect(moved({ from: 10, to: 30 }, -1, duration)).toEqual({ from: 0, to: 20 });
  expect(moved({ from: 270, to: 290 }, 2, duration)).toEqual({ from: 280, to: 300 });
});
