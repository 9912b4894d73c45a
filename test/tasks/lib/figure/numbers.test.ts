import { expect, test } from 'vitest';
import { countLabel, domainOf, linear, rounded, valueLabel } from '../../../../tasks/lib/figure/numbers.ts';

test('rounded keeps seven digits and avoids -0', () => {
  expect([rounded(1 / 3), rounded(-12345678.9), rounded(2e-9 / 3)]).toEqual([0.3333333, -12345680, 6.666667e-10]);
  expect(Object.is(rounded(-0), 0)).toBe(true);
});

test('domainOf holds all numbers with a margin and is never empty', () => {
  expect(domainOf([1, 3, Number.NaN, 2], 0.5)).toEqual([0, 4]);
  expect(domainOf([1, 3], 0)).toEqual([1, 3]);
  expect(domainOf([5, 5], 0.1)).toEqual([4, 6]);
  expect(domainOf([], 0.1)).toEqual([-1, 1]);
  expect(linear([0, 10], [100, 0])(2.5)).toBe(75);
});

test('valueLabel and countLabel print numbers for a reader', () => {
  expect([0, 0.0011, -12.788, 123.45, 999.96, -4321.6, 1234567, 2e-5].map(valueLabel)).toEqual([
    '0',
    '0.0011',
    '−12.79',
    '123.5',
    '1,000.0',
    '−4,322',
    '1.23e+6',
    '2.00e-5',
  ]);
  expect([0, 1, 7639, 1234567].map((count) => countLabel(count, 'spike'))).toEqual([
    '0 spikes',
    '1 spike',
    '7,639 spikes',
    '1,234,567 spikes',
  ]);
});
