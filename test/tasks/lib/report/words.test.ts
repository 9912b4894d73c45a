import { expect, test } from 'vitest';
import { amount, criterionWords, interval, limitAmount } from '../../../../tasks/lib/report/words.ts';

test.each([
  [0, '%', '0 %'],
  [0.00001, '%', '< 0.01 %'],
  [0.0021, '%', '0.21 %'],
  [0.254, '%', '25.4 %'],
  [7639, '', '7\u2009639'],
  [-0.25, 'ms', '\u22120.25 ms'],
  [9.87, '', '9.9'],
  [null, '%', '\u2013'],
] as const)('amount prints %s in %s as %s', (value, unit, text) => {
  expect(amount(value, unit)).toBe(text);
});

test('interval and limitAmount print missing ends and all digits of a limit', () => {
  expect(interval(0.267, 0.478, '%')).toBe('26.7 to 47.8 %');
  expect(interval(0.86, null, '%')).toBe('from 86.0 %');
  expect(interval(null, 2, 's')).toBe('up to 2 s');
  expect(interval(null, null, '')).toBe('\u2013');
  expect(limitAmount(0.01, '%')).toBe('1 %');
  expect(limitAmount(0.4, 'ms')).toBe('0.40 ms');
});

test('criterionWords derives the label of an unknown criterion from its name', () => {
  expect(criterionWords('lost_fraction')).toEqual({ label: 'Lost fraction', side: null, unit: '%' });
  expect(criterionWords('toString')).toMatchObject({ side: null, unit: '' });
});
