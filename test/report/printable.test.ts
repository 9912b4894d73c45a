import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableIn, printableLine } from '../../src/report/printable.ts';

test.each([
  ['colours and cursor', '\u001b[31mred\u001b[0m\u001b[2J\u001b[10A', 'red'],
  ['a title and a link', '\u001b]0;title\u0007\u001b]8;;http://a\u0007b\u001b]8;;\u0007', 'b'],
  ['a bell, a backspace', 'a\u0007b\u0008c', 'abc'],
  ['a progress bar', '10 %\r50 %\r100 %\ndone\r\n', '100 %\ndone\n'],
  ['a tab', 'a\tb', 'a    b'],
  ['writing turned around', 'a\u202eb', 'ab'],
  ['other scripts', '網膜 😀 e\u0301', '網膜 😀 e\u0301'],
])('printable: %s', (_, text, left) => expect(printable(text)).toBe(left));

test('printable leaves no control characters, and changes nothing the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = printable(text);
      expect(once).not.toMatch(/[^\n\P{Cc}]/u);
      expect(printable(once)).toBe(once);
    }),
  );
});

test.each([
  ['carriage returns', '\r'],
  ['ESC and what may follow it', '\u001b;#'],
  ['openings of a sequence', '\u001b['],
  ['openings of a title', '\u001b]'],
  ['digits of a sequence', '\u001b[0;'],
  ['line breaks', '\n'],
  ['C1 controls', '\u009b\u009d'],
])('printable takes linear time for a megabyte of %s', (_, piece) => {
  const began = performance.now();
  const left = printable(`${piece.repeat(1_000_000 / piece.length)}x`);
  printable(`\u001b${piece.slice(1).repeat(1_000_000)}x`);
  expect(left).not.toMatch(/[^\n\P{Cc}]/u);
  // Earlier patterns took minutes to hours.
  expect(performance.now() - began).toBeLessThan(30_000);
});

test('printableIn cleans all texts in data, names included, and keeps numbers and nulls', () => {
  const data = { 'a\u001b[2J': ['b\u202e', 1, null, { c: 'd\u0007\ne' }], when: true };
  expect(printableIn(data)).toEqual({ a: ['b', 1, null, { c: 'd\ne' }], when: true });
  expect(printableIn(data, printableLine)).toEqual({ a: ['b', 1, null, { c: 'd e' }], when: true });
});
