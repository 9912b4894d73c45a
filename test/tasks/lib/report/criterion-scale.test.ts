import { expect, test } from 'vitest';
import { criterionScale } from '../../../../tasks/lib/report/criterion-scale.ts';

const paths = (criterion: Parameters<typeof criterionScale>[0]) =>
  [...criterionScale(criterion, 'a < b').html.matchAll(/ d="([^"]*)"/g)].map(([, path]) => path);

test('criterionScale draws the wrong side, the scale, the limit, the interval and the value', () => {
  expect(
    paths({ value: 0.25, low: 0.16, high: 0.36, limit: 0.04, side: 'at most', max: 1, passed: false }),
  ).toMatchInlineSnapshot(`
    [
      "M47.6 4H220V22H47.6z",
      "M0 13H220",
      "M47.6 2V24",
      "M89.2 13H130.8",
      "M110 13m-4.5 0l4.5-4.5l4.5 4.5l-4.5 4.5z",
    ]
  `);
});

test('criterionScale draws a negative value without an interval', () => {
  expect(
    paths({ value: -2.5, low: null, high: null, limit: 2, side: 'at least', max: null, passed: true }),
  ).toMatchInlineSnapshot(`
    [
      "M0 4H193.2V22H0z",
      "M0 13H220",
      "M193.2 2V24",
      "M17 13m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
    ]
  `);
});

test('criterionScale leaves out unknown numbers', () => {
  const known = { limit: 0, side: null, max: null, passed: false } as const;
  expect(paths({ ...known, value: null, low: null, high: null })).toHaveLength(2);
  expect(paths({ ...known, value: null, low: 0.6, high: null, limit: 0.05 })).toHaveLength(3);
});

test('criterionScale has an escaped label for readers who cannot see it', () => {
  const criterion = { value: 1, low: null, high: null, limit: 2, side: null, max: null, passed: true };
  expect(criterionScale(criterion, 'a < b').html).toContain('role="img" aria-label="a &lt; b"');
});
