import colors from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { Diagnostic, Source } from '../../src/base/diagnostic.ts';
import { diagnosticsText } from '../../src/report/diagnostic.ts';

const plain = colors.createColors(false);

/** The part of a text between « and », as a diagnostic; the marks are taken out. */
function at(marked: string, name = 'pipeline.yaml'): Diagnostic {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const source: Source = { name, text: marked.replace('«', '').replace('»', '') };
  return { range: { source, start, end }, message: 'this is wrong' };
}

const linesOf = (marked: string) =>
  diagnosticsText([at(marked)], plain)
    .split('\n')
    .slice(0, 3);

describe('diagnosticsText', () => {
  test('underlines a mistake and counts lines from 1', () => {
    expect(linesOf('a: 1\nbb: «two»\nc: 3\n')).toEqual([
      'pipeline.yaml:2:5: this is wrong',
      '    bb: two',
      '        ~~~',
    ]);
  });

  test('expands tabs before an underlined mistake', () => {
    expect(linesOf('a:\n\t\tb: «x»')).toEqual([
      'pipeline.yaml:2:6: this is wrong',
      '            b: x',
      '               ~',
    ]);
  });

  test('aligns the underline below wide characters and combining marks', () => {
    expect(linesOf('名: «網膜»')[2]).toBe('        ~~~~');
    expect(linesOf('e\u0301: «x»')[2]).toBe('       ~');
  });

  test('ignores CRLF and a byte order mark', () => {
    expect(linesOf('\uFEFFa: «b»\r\nc: d\r\n')).toEqual(['pipeline.yaml:1:4: this is wrong', '    a: b', '       ~']);
    expect(linesOf('a: b\r\nc: «d»\r\n')).toEqual(['pipeline.yaml:2:4: this is wrong', '    c: d', '       ~']);
  });

  test('underlines a mistake of several lines to the end of its first line', () => {
    expect(linesOf('a: «b\n  c\n  d»\n')).toEqual(['pipeline.yaml:1:4: this is wrong', '    a: b', '       ~']);
  });

  test('underlines an empty range with a single character', () => {
    expect(linesOf('«»')).toEqual(['pipeline.yaml:1:1: this is wrong', '', '    ~']);
    expect(linesOf('a:«»')).toEqual(['pipeline.yaml:1:3: this is wrong', '    a:', '      ~']);
  });

  test('clips a long line around the mistake', () => {
    const [, line = '', underline = ''] = linesOf(`${'x'.repeat(300)}«wrong»${'y'.repeat(300)}`);
    expect(line.length).toBeLessThanOrEqual(104);
    expect(line).toMatch(/^ {4}…x+wrongy+…$/);
    expect(line.slice(underline.indexOf('~'), underline.length)).toBe('wrong');
    const [, whole = '', all = ''] = linesOf(`a: «${'z'.repeat(500)}»`);
    expect(whole.length).toBeLessThanOrEqual(104);
    expect(all.trimStart()).toMatch(/^~+$/);
  });

  test('replaces control characters of the line', () => {
    expect(linesOf('a: "\u001b[2J\u202E«x»"')[1]).toBe('    a: "�[2J�x"');
    const message = diagnosticsText([{ ...at('«a»'), message: 'no \u001b[31m' }], plain);
    expect(message).not.toContain('\u001b');
    expect(diagnosticsText([{ ...at('«a»'), message: 'one\ntwo' }], plain)).toMatch(/: one\n {6}two\n/);
  });
});

test('diagnosticsText sorts mistakes by position, options last, and counts them', () => {
  const one = at('first: «a»\nsecond: b');
  const two: Diagnostic = { ...one, range: { ...one.range, start: 18, end: 19 }, hint: 'did you mean c?' };
  const option = at('detect.k=«x»', '--set');
  expect(diagnosticsText([option, two, one], plain)).toMatchInlineSnapshot(`
    "pipeline.yaml:1:8: this is wrong
        first: a
               ~

    pipeline.yaml:2:10: this is wrong
        second: b
                 ~
      did you mean c?

    --set: this is wrong
        detect.k=x
                 ~

    3 mistakes"
  `);
  expect(diagnosticsText([one], plain)).toMatch(/\n\n1 mistake$/);
});

test('diagnosticsText shows related positions below a mistake, and colour changes nothing else', () => {
  const one = at('first: «a»\nsecond: b');
  const related = [{ range: { ...one.range, start: 9, end: 15 }, message: 'because of this' }];
  const text = diagnosticsText([{ ...one, hint: 'do that', related }], plain);
  expect(text).toMatchInlineSnapshot(`
    "pipeline.yaml:1:8: this is wrong
        first: a
               ~
      do that
      pipeline.yaml:2:1: because of this
          second: b
          ~~~~~~

    1 mistake"
  `);
  const colored = diagnosticsText([{ ...one, hint: 'do that', related }], colors.createColors(true));
  expect(colored).toContain('\u001b[31m~\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colors
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(text);
});
