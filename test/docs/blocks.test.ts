import { describe, expect, test } from 'vitest';
import { blocksOf, firstMissing } from './blocks.ts';

const fenced = (info: string, ...lines: string[]) => [`\`\`\`${info}`, ...lines, '```', ''].join('\n');

describe('blocks of a page', () => {
  test('blocksOf reads a command per line, without comments, joined at a backslash', () => {
    const page = `# title\n\n${fenced('sh', '# first', 'a --b   # second', '', 'c \\', '  d')}`;
    expect(blocksOf(page)).toEqual([{ kind: 'commands', line: 3, commands: ['a --b', 'c d'] }]);
  });

  test('blocksOf reads the reason to skip commands', () => {
    expect(blocksOf(fenced('sh no-test (needs a disk)', 'a'))).toEqual([
      { kind: 'commands', line: 1, commands: ['a'], skipped: '(needs a disk)' },
    ]);
  });

  test('blocksOf reads files and quoted output, and ignores other blocks', () => {
    const page = fenced('ts a/b.ts', 'x') + fenced('', 'printed') + fenced('ts', 'shown') + fenced('text', 'shown');
    expect(blocksOf(page)).toEqual([
      { kind: 'file', line: 1, path: 'a/b.ts', text: 'x\n' },
      { kind: 'output', line: 4, text: 'printed\n' },
    ]);
  });
});

describe('quoted output', () => {
  const printed = 'recording  verdict\na  accept\nb  reject  12 %\n10 executed, 3 reused in 1.2 s; results in out\n';

  test.each([
    ['all of it', printed],
    ['other line breaks', 'b  reject\n   12 %'],
    ['parts in order', 'a accept ... results in out'],
    ['other times and counts', '8 executed, 5 reused in 3 min 05 s; results'],
  ])('firstMissing finds the quoted output: %s', (_, quoted) => expect(firstMissing(quoted, printed)).toBeNull());

  test.each([
    ['another word', 'a reject', 'a reject'],
    ['parts in another order', 'b reject ... a accept', 'a accept'],
    ['nothing executed', '0 executed', '0 executed'],
    ['another sum', '10 executed, 4 reused', 'N executed, N reused of 14'],
    ['another number', 'b reject 13 %', 'b reject 13 %'],
  ])('firstMissing misses the quoted output: %s', (_, quoted, missing) =>
    expect(firstMissing(quoted, printed)).toBe(missing),
  );
});
