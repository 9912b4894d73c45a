import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../src/report/printable.ts';

test.each([
  ['colours and cursor', '\u001b[31mred\u001b[0m\u001b[2J\u001b[10A', 'red'],
  ['a title and a link', '\u001b]0;title\u0007\u001b]8;;http://a\u0007b\u001b]8;;\u0007', 'b'],
  ['a bell, a backspace', 'a\u0007b\u0008c', 'abc'],
  ['a progress bar', '10 %\r50 %\r100 %\ndone\r\n', '100 %\ndone\n'],
  ['a tab', 'a\tb', 'a    b'],
  ['writing turned around', 'a\u202eb', 'ab'],
  ['other scripts', '網膜 😀 e\u0301', '網膜 😀 e\u0301'],
])('%s', (_, text, left) => expect(printable(text)).toBe(left));

test('nothing that controls a terminal is left, and nothing more is taken the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = printable(text);
      expect(once).not.toMatch(/[^\n\P{Cc}]/u);
      expect(printable(once)).toBe(once);
    }),
  );
});
