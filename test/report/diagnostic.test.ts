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

const shown = (marked: string) =>
  diagnosticsText([at(marked)], plain)
    .split('\n')
    .slice(0, 3);

describe('the line is underlined', () => {
  test('on its own line, counted from 1', () => {
    expect(shown('a: 1\nbb: «two»\nc: 3\n')).toEqual([
      'pipeline.yaml:2:5: this is wrong',
      '    bb: two',
      '        ~~~',
    ]);
  });

  test('after tabs, which become spaces', () => {
    expect(shown('a:\n\t\tb: «x»')).toEqual([
      'pipeline.yaml:2:6: this is wrong',
      '            b: x',
      '               ~',
    ]);
  });

  test('under wide characters and marks that take no room', () => {
    expect(shown('名: «網膜»')[2]).toBe('        ~~~~');
    expect(shown('e\u0301: «x»')[2]).toBe('       ~');
  });

  test('with CRLF and a byte order mark', () => {
    expect(shown('\uFEFFa: «b»\r\nc: d\r\n')).toEqual(['pipeline.yaml:1:4: this is wrong', '    a: b', '       ~']);
    expect(shown('a: b\r\nc: «d»\r\n')).toEqual(['pipeline.yaml:2:4: this is wrong', '    c: d', '       ~']);
  });

  test('to the end of the first of several lines', () => {
    expect(shown('a: «b\n  c\n  d»\n')).toEqual(['pipeline.yaml:1:4: this is wrong', '    a: b', '       ~']);
  });

  test('by one sign where there is nothing', () => {
    expect(shown('«»')).toEqual(['pipeline.yaml:1:1: this is wrong', '', '    ~']);
    expect(shown('a:«»')).toEqual(['pipeline.yaml:1:3: this is wrong', '    a:', '      ~']);
  });

  test('and clipped around the place where it is long', () => {
    const [, line = '', underline = ''] = shown(`${'x'.repeat(300)}«wrong»${'y'.repeat(300)}`);
    expect(line.length).toBeLessThanOrEqual(104);
    expect(line).toMatch(/^ {4}…x+wrongy+…$/);
    expect(line.slice(underline.indexOf('~'), underline.length)).toBe('wrong');
    const [, whole = '', all = ''] = shown(`a: «${'z'.repeat(500)}»`);
    expect(whole.length).toBeLessThanOrEqual(104);
    expect(all.trimStart()).toMatch(/^~+$/);
  });

  test('without what would steer the terminal', () => {
    expect(shown('a: "\u001b[2J\u202E«x»"')[1]).toBe('    a: "�[2J�x"');
    const message = diagnosticsText([{ ...at('«a»'), message: 'no \u001b[31m' }], plain);
    expect(message).not.toContain('\u001b');
    expect(diagnosticsText([{ ...at('«a»'), message: 'one\ntwo' }], plain)).toMatch(/: one\n {6}two\n/);
  });
});

test('places are sorted, options last, and counted', () => {
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

test('related places stand below, and color is only added', () => {
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
