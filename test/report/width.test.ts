import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clip, padEnd, widthOf } from '../../src/report/width.ts';

test.each([
  ['', 0],
  ['detect@a', 8],
  ['Grüße', 5],
  ['網膜', 4],
  ['ｗｉｄｅ', 8],
  ['한국', 4],
  ['𠮷', 2],
  ['😀', 2],
  ['e\u0301', 1],
  ['\u200bx\u200d', 1],
  ['━─…', 3],
  ['µV', 2],
])('%s is %d columns wide', (text, width) => expect(widthOf(text)).toBe(width));

test('clip keeps a text that fits, and ends a cut text in …', () => {
  expect(clip('detect', 6)).toBe('detect');
  expect(clip('detect', 5)).toBe('dete…');
  expect(clip('detect', 1)).toBe('…');
  expect(clip('detect', 0)).toBe('');
  expect(clip('detect', -3)).toBe('');
  expect(clip('', 0)).toBe('');
});

test('clip never cuts a wide character in half, nor a mark from its letter', () => {
  expect(clip('網膜の', 5)).toBe('網膜…');
  expect(clip('網膜の', 4)).toBe('網…');
  expect(clip('😀😀', 3)).toBe('😀…');
  expect(clip('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
});

test('padEnd pads to a width and keeps wider texts', () => {
  expect(padEnd('a', 3)).toBe('a  ');
  expect(padEnd('網', 3)).toBe('網 ');
  expect(padEnd('abcd', 3)).toBe('abcd');
});

test('clip and padEnd give any text any width', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('網', '😀', '\u0301', 'a', '한'), fc.string({ maxLength: 1 })),
  });
  fc.assert(
    fc.property(text, fc.nat(20), (value, width) => {
      const short = clip(value, width);
      expect(widthOf(short)).toBeLessThanOrEqual(width);
      if (short !== value) expect(width === 0 || short.endsWith('…')).toBe(true);
      expect(widthOf(padEnd(short, width))).toBe(width);
    }),
  );
});
