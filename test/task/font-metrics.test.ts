import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LATIN } from '../../src/task/font-files.ts';
import { textWidths } from '../../src/task/font-metrics.ts';

const font = (name: string) => readFileSync(new URL(`../../src/task/fonts/${name}.ttf`, import.meta.url));

/** Expected widths are the fonts' own advances (2,048 per em), as fontTools prints them. */
test('textWidths adds up the advances of the glyphs', () => {
  const regular = textWidths(font('Inter-Regular'));
  expect([...'0159.−aM µ±σ'].map((c) => 2048 * regular(c))).toEqual([
    1292, 833, 1215, 1270, 590, 1355, 1150, 1850, 576, 1200, 1355, 1278,
  ]);
  expect(regular('10')).toBe(regular('1') + regular('0'));
  expect(regular('')).toBe(0);
  expect(2048 * textWidths(font('Inter-SemiBold'))('0')).toBe(1351);
});

test('the small fonts have every glyph that LATIN matches, as wide as in the whole fonts', () => {
  const letters = Array.from({ length: 0x2300 }, (_, code) => String.fromCharCode(code));
  const within = letters.filter((letter) => letter >= ' ' && LATIN.test(letter));
  expect(within.length).toBeGreaterThan(200);
  for (const name of ['Inter-Regular', 'Inter-SemiBold']) {
    const [whole, small] = [textWidths(font(name)), textWidths(font(`${name}-Latin`))];
    expect(within.filter((letter) => whole(letter) !== small(letter))).toEqual([]);
  }
});

test('textWidths measures a character that the font lacks as its .notdef box', () => {
  const regular = textWidths(font('Inter-Regular'));
  expect(regular('\u4e00')).toBe(regular('😀'));
  expect(regular('\u4e00')).toBeGreaterThan(0);
});
