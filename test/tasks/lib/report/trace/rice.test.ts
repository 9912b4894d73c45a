import fc from 'fast-check';
import { expect, test } from 'vitest';
import { riceText, riceValues } from '../../../../../tasks/lib/report/trace/rice.ts';

const whole = fc.oneof(
  fc.integer({ min: -8, max: 8 }),
  fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
  fc.constantFrom(-(2 ** 30), 2 ** 30, 0),
);

test('riceValues decodes the numbers that riceText encoded', () => {
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 200 }), (values) => {
      expect([...riceValues(riceText(values))]).toEqual(values);
    }),
  );
});

test('riceText takes little more than the entropy of noise, and few bits for a rare large value', () => {
  const noise = Array.from({ length: 8000 }, (_, i) => ((i * 7919) % 5) - 2);
  const bytes = (values: readonly number[]) => (riceText(values).length * 3) / 4;
  expect(bytes(noise)).toBeLessThan((8000 * 3.1) / 8);
  expect(bytes([...noise, 1e9]) - bytes(noise)).toBeLessThan(10);
});

test('riceText keeps its format', () => {
  expect(riceText([0, 1, -1, 2, -2, 300, -70000])).toMatchInlineSnapshot(`"AAAABwEjl/AEm/gAAiLU"`);
});
