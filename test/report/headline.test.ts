import colors from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { StepHeadline } from '../../src/history/event.ts';
import { headlineLines } from '../../src/report/headline.ts';
import { widthOf } from '../../src/report/width.ts';
import { headline } from './events.ts';

const plain = colors.createColors(false);
const table = headline as StepHeadline;
const at = (width?: number) => `\n${headlineLines(table, plain, width).join('\n')}\n`;

describe('headlineLines', () => {
  test('keep each row unbroken on a wide terminal', () =>
    expect(at(200)).toMatchInlineSnapshot(`
    "
    recording        verdict  reason
    20160415_patch2  accept   all criteria are met
    20160426_patch3  reject   12 % of the spikes are missed, at most 5 % may be: the amplitudes reach down to the threshold
    "
  `));

  test('keep each row unbroken without a terminal', () =>
    expect(at()).toMatchInlineSnapshot(`
    "
    recording        verdict  reason
    20160415_patch2  accept   all criteria are met
    20160426_patch3  reject   12 % of the spikes are missed, at most 5 % may be: the amplitudes reach down to the threshold
    "
  `));

  test('wrap the last column under itself', () =>
    expect(at(80)).toMatchInlineSnapshot(`
    "
    recording        verdict  reason
    20160415_patch2  accept   all criteria are met
    20160426_patch3  reject   12 % of the spikes are missed, at most 5 % may be:
                              the amplitudes reach down to the threshold
    "
  `));

  test('put the last column beneath its row on a narrow terminal', () =>
    expect(at(40)).toMatchInlineSnapshot(`
      "
      recording        verdict
      20160415_patch2  accept
        all criteria are met
      20160426_patch3  reject
        12 % of the spikes are missed, at
        most 5 % may be: the amplitudes reach
        down to the threshold
      "
    `));

  test('put each cell on its own line on a very narrow terminal', () =>
    expect(at(24)).toMatchInlineSnapshot(`
      "
      20160415_patch2
        verdict: accept
        reason: all criteria
        are met
      20160426_patch3
        verdict: reject
        reason: 12 % of the
        spikes are missed, at
        most 5 % may be: the
        amplitudes reach down
        to the threshold
      "
    `));

  test.each([20, 25, 30, 40, 52, 60, 80, 120, 200])('are never wider than a terminal of %d columns', (width) => {
    for (const line of headlineLines(table, plain, width)) expect(widthOf(line)).toBeLessThan(width);
  });
});

test('headlineLines leave out empty columns, but none in a table without rows', () => {
  expect(at(80)).not.toContain('note');
  expect(headlineLines({ ...table, rows: [] }, plain)).toEqual(['recording  verdict  note  reason']);
});

test('headlineLines align columns by their width on the screen', () => {
  const rows = [
    ['網膜', 'accept', '', ''],
    ['e\u0301', 'reject', '', 'x'],
  ];
  const starts = headlineLines({ ...table, rows }, plain).map((line) =>
    widthOf(line.split(/verdict|accept|reject/)[0] ?? ''),
  );
  expect(starts).toEqual([11, 11, 11]);
});

test('headlineLines keep a cell with line breaks on its line', () => {
  const lines = headlineLines({ ...table, rows: [['a\nb', 'accept', '', 'c\td\r\n']] }, plain);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toBe('a b        accept   c d');
});

test('headlineLines break a word that is longer than the line', () => {
  const lines = headlineLines({ ...table, rows: [['a', 'accept', '', `so ${'x'.repeat(50)} long`]] }, plain, 40);
  expect(lines.slice(2)).toEqual(['  so', `  ${'x'.repeat(37)}`, `  ${'x'.repeat(13)} long`]);
});

test('headlineLines remove cursor movements from cells', () => {
  const lines = headlineLines(
    { ...table, rows: [['a\u001b[2J', 'accept', '', 'b\u0007\u001b]0;title\u0007c']] },
    plain,
  );
  expect(lines[1]).toBe('a          accept   bc');
});

test('headlineLines make the headline column bold and change nothing else with colour', () => {
  const colored = headlineLines(table, colors.createColors(true), 80).join('\n');
  expect(colored).toContain('\u001b[1mreject');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours
  expect(colored.replace(/\u001b\[\d+m/g, '').replaceAll(/ +$/gm, '')).toBe(at(80).trim());
});
